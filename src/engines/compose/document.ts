import { stringify } from 'yaml';
import { type EnvValue, type FamilyService, INNER_PORT, type Mount } from './families/contract.js';

/** What a container is called and where it is reached: alike for every family. */
export interface Place {
  container: string;
  network: string;
  /** Before the names of its volumes; `botfactory` has what docker-compose.llm.yml fetched. */
  volumes: string;
  /** The address of the host and the port there. */
  bind: string;
  port: number;
  /** Bound of the host's memory, as Docker writes it (6g); absent: the family's own. */
  memory?: string | undefined;
  /** Ids of the GPUs that it is given. */
  gpus: readonly string[];
}

/**
 * A Compose file with the service `llm`, within what docker-compose 1.29 and Compose v2 both read. Secrets are
 * named and not written: Compose takes them from its environment and refuses to start without.
 */
export function composeDocument(service: FamilyService, place: Place): string {
  const volumes = service.mounts.flatMap(({ from }) => ('volume' in from ? [from.volume] : []));
  return stringify(
    {
      services: { llm: definition(service, place) },
      // Of fixed names: weights are fetched once, whatever the project is called.
      volumes: Object.fromEntries(
        volumes.map((name) => [name, { name: literal(`${place.volumes}-${name}`) }]),
      ),
      networks: { botfactory: { name: literal(place.network) } },
    },
    // Quoted throughout: to the YAML of docker-compose 1.29 a bare `off` is no text.
    { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
  );
}

function definition(service: FamilyService, place: Place): Record<string, unknown> {
  const { command, environment, mounts, health, shm, readOnly } = service;
  return {
    image: literal(service.image),
    container_name: literal(place.container),
    ...(command.length > 0 ? { command: command.map(literal) } : {}),
    environment: Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, written(value)]),
    ),
    volumes: mounts.map(mounted),
    ports: [literal(`${place.bind}:${place.port}:${INNER_PORT}`)],
    mem_limit: literal(place.memory ?? service.memory),
    ...(shm === undefined ? {} : { shm_size: shm }),
    healthcheck: {
      test: [...health.test],
      interval: '10s',
      timeout: '5s',
      retries: 3,
      start_period: health.startPeriod,
    },
    restart: 'unless-stopped',
    stop_grace_period: '30s',
    ...(readOnly ? { read_only: true, tmpfs: ['/tmp'] } : {}),
    security_opt: ['no-new-privileges:true'],
    cap_drop: ['ALL'],
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    networks: { botfactory: { aliases: ['llm'] } },
    ...(place.gpus.length > 0 ? { deploy: reserved(place.gpus) } : {}),
  };
}

function reserved(gpus: readonly string[]): Record<string, unknown> {
  const device = { driver: 'nvidia', device_ids: gpus.map(literal), capabilities: ['gpu'] };
  return { resources: { reservations: { devices: [device] } } };
}

/** The long form, for a folder of the host may have a colon in its name. */
function mounted({ from, to }: Mount): Record<string, unknown> {
  if ('volume' in from) return { type: 'volume', source: from.volume, target: to };
  return { type: 'bind', source: literal(from.folder), target: to, read_only: true };
}

const written = (value: EnvValue): string =>
  typeof value === 'string' ? literal(value) : `\${${value.from}:?set ${value.from}}`;

/** Compose would put a variable's value where a dollar stands. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');
