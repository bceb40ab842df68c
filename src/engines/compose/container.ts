import { isBotllmError } from '../../errors.js';
import * as z from '../../zod.js';
import { dockerFault } from './docker.js';
import type { RunTool } from './run-tool.js';

const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Restarting: z.boolean(),
    OOMKilled: z.boolean(),
    ExitCode: z.number(),
    Error: z._default(z.string(), ''),
    StartedAt: z.string(),
    Pid: z._default(z.number(), 0),
    Health: z.nullish(z.object({ Status: z.string() })),
  }),
  Config: z.object({
    Image: z.string(),
    Env: z.nullish(z.array(z.string())),
    Cmd: z.nullish(z.array(z.string())),
    Labels: z.nullish(z.record(z.string(), z.string())),
  }),
  HostConfig: z.object({
    Memory: z._default(z.number(), 0),
    AutoRemove: z._default(z.boolean(), false),
    Runtime: z.nullish(z.string()),
    DeviceRequests: z.nullish(z.array(z.unknown())),
    PortBindings: z.nullish(
      z.record(z.string(), z.nullish(z.array(z.object({ HostIp: z.string(), HostPort: z.string() })))),
    ),
  }),
  Mounts: z.nullish(z.array(z.object({ Type: z.string(), Source: z.string(), Destination: z.string() }))),
  NetworkSettings: z.object({ Networks: z.nullish(z.record(z.string(), z.unknown())) }),
});

/** Where a container's port is published on the host. */
export interface Publication {
  /** `80` of `80/tcp`. */
  inner: number;
  /** '' means every address of the host. */
  host: string;
  port: number;
}

/** What Docker knows of one container. */
export interface Container {
  id: string;
  name: string;
  image: string;
  /** created, running, restarting, exited, paused, dead … */
  status: string;
  running: boolean;
  restarting: boolean;
  oomKilled: boolean;
  exitCode: number;
  /** Why Docker could not start it. */
  error: string;
  /** starting, healthy or unhealthy; absent: it has no health check. */
  health?: string;
  startedAt: string;
  /** On the host; 0 when it does not run. */
  pid: number;
  /** How often Docker brought it back since it was created. */
  restarts: number;
  env: Readonly<Record<string, string>>;
  command: readonly string[];
  labels: Readonly<Record<string, string>>;
  published: readonly Publication[];
  networks: readonly string[];
  /** Bytes; 0: no bound. */
  memoryLimit: number;
  /** Folders of the host by their place inside. */
  folders: Readonly<Record<string, string>>;
  /** Started with `--rm`: Docker removes it when it stops. */
  goesWhenStopped: boolean;
  /** Whether it was given a GPU. */
  gpu: boolean;
}

/**
 * Looks at a container by name or id; undefined where Docker says that there is none.
 * @throws BotllmError `MISSING_PREREQUISITE` where Docker cannot be asked: then nothing is known
 */
export async function inspectContainer(run: RunTool, name: string): Promise<Container | undefined> {
  const said = await run('docker', ['container', 'inspect', name]);
  if (said.exitCode === 0) return readContainer(said.stdout);
  if (/no such (?:container|object)/i.test(said.stderr)) return undefined;
  throw dockerFault(said);
}

/** The same for whoever can do without: undefined also where Docker cannot be asked. */
export async function findContainer(run: RunTool, name: string): Promise<Container | undefined> {
  try {
    return await inspectContainer(run, name);
  } catch (error) {
    if (isBotllmError(error, 'MISSING_PREREQUISITE')) return undefined;
    throw error;
  }
}

/** Whether it serves, or is about to: Docker brings one back that ended. */
export function isUp(
  found: Container | undefined,
): found is Container & { status: 'running' | 'restarting' } {
  return found?.status === 'running' || found?.status === 'restarting';
}

/** What `docker container inspect` prints, which is alike in every version. */
export function readContainer(text: string): Container | undefined {
  const [found] = z.array(Inspected).parse(JSON.parse(text));
  if (!found) return undefined;
  const { State: state, Config: config, HostConfig: host } = found;
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    image: config.Image,
    status: state.Status,
    running: state.Running,
    restarting: state.Restarting,
    oomKilled: state.OOMKilled,
    exitCode: state.ExitCode,
    error: state.Error,
    ...(state.Health ? { health: state.Health.Status } : {}),
    startedAt: state.StartedAt,
    pid: state.Pid,
    restarts: found.RestartCount,
    env: Object.fromEntries((config.Env ?? []).map(split)),
    command: config.Cmd ?? [],
    labels: config.Labels ?? {},
    published: published(host.PortBindings ?? {}),
    networks: Object.keys(found.NetworkSettings.Networks ?? {}),
    memoryLimit: host.Memory,
    folders: Object.fromEntries(
      (found.Mounts ?? [])
        .filter(({ Type }) => Type === 'bind')
        .map(({ Destination, Source }) => [Destination, Source]),
    ),
    goesWhenStopped: host.AutoRemove,
    gpu: (host.DeviceRequests ?? []).length > 0 || host.Runtime === 'nvidia',
  };
}

function split(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

type Bindings = NonNullable<z.infer<typeof Inspected>['HostConfig']['PortBindings']>;

function published(bindings: Bindings): Publication[] {
  return Object.entries(bindings).flatMap(([inner, places]) =>
    (places ?? []).map(({ HostIp, HostPort }) => ({
      inner: Number.parseInt(inner, 10),
      host: HostIp,
      port: Number(HostPort),
    })),
  );
}
