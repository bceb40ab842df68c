import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Container } from '../../engines/compose/container.js';
import { isOwnAddress } from '../../settings/own-address.js';
import { type Check, type Finding, fail, ok, skip, warn } from '../check.js';
import { FIX, SAY } from '../messages.js';
import type { Patient } from '../patient.js';

const CONNECT_MS = 500;

export const exposedEngine: Check = {
  id: 'exposure-engine',
  look: async (patient) => {
    const { endpoint, state, engine } = await patient.engine();
    const isOurs = engine !== 'remote' || isHere(endpoint);
    if (endpoint === undefined || state === 'stopped' || !isOurs) return skip(SAY.nothingHere);
    const port = portOf(endpoint);
    const hasKey = patient.settings.apiKey !== undefined;
    return verdict(patient, { port, hasKey, container: await patient.llm(), what: SAY.theEngine });
  },
};

export const exposedRedis: Check = {
  id: 'exposure-redis',
  look: async (patient) => {
    const redis = await patient.redis();
    const here = redis?.hosts.find(({ host }) => isHere(`http://${host.includes(':') ? `[${host}]` : host}`));
    if (redis === undefined || redis.failure !== undefined || here === undefined)
      return skip(SAY.nothingHere);
    const { hasPassword } = redis;
    return verdict(patient, {
      ...{ port: here.port, hasKey: hasPassword, what: SAY.theRedis },
      container: await patient.redisContainer(),
    });
  },
};

/** The old guide's rule, which a port that Docker publishes never meets. */
export const firewall: Check = {
  id: 'firewall',
  look: async (patient) => {
    const [llm, redis] = await Promise.all([patient.llm(), patient.redisContainer()]);
    const ports = [...(llm?.published ?? []), ...(redis?.published ?? [])].map(({ port }) => port);
    if (ports.length === 0) return skip(SAY.nothingPublished);
    const found = await patient.firewall();
    if (found === undefined) return skip(SAY.firewallUnread);
    const idle = ports.filter((port) => found.inputPorts.includes(port));
    if (idle.length > 0) return warn(SAY.inputRule(idle), FIX.firewall);
    const guarded = ports.filter((port) => found.guardedPorts.includes(port));
    return ok(guarded.length > 0 ? SAY.guarded(guarded) : SAY.noInputRule);
  },
};

interface Place {
  what: string;
  port: number;
  hasKey: boolean;
  container: Container | undefined;
}

async function verdict(patient: Patient, { what, port, hasKey, container }: Place): Promise<Finding> {
  const open = await openAddresses(port);
  if (open.length === 0) return ok(SAY.loopbackOnly(what, port));
  const byDocker = container?.published.some((one) => one.port === port) === true;
  const evidence = SAY.openOn(what, port, open, byDocker);
  const guarded = byDocker && (await patient.firewall())?.guardedPorts.includes(port);
  if (guarded) return ok(`${evidence}; ${SAY.behindFirewall}`);
  const fix = byDocker ? FIX.exposed : FIX.exposedProcess(port);
  // A key is a lock, and the house still stands at the street.
  return hasKey ? warn(`${evidence}; ${SAY.withKey}`, fix) : fail(evidence, fix);
}

/** Every address of this machine but loopback on which something really takes a connection. */
export async function openAddresses(port: number): Promise<string[]> {
  const own = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all
      .filter(({ internal }) => !internal)
      .map(({ address }) => (address.startsWith('fe80:') ? `${address}%${name}` : address)),
  );
  const answers = await Promise.all(own.map((host) => accepts(host, port)));
  return own.filter((_, at) => answers[at]);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function isHere(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  return new URL(url).hostname === 'localhost' || isOwnAddress(url);
}

function portOf(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
