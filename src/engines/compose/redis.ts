import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../../errors.js';
import { type Container, findContainer } from './docker/container.js';
import type { Docker } from './docker/docker.js';
import { SAY } from './messages.js';

const REDIS_PORT = 6379;
const UP_WITHIN_MS = 30_000;

/** The Redis of a container, as this machine reaches it; null: its port is not published here. */
export function redisUrlOf({ ports }: Container): string | null {
  const place = ports.find(({ inner }) => inner === REDIS_PORT);
  if (place === undefined) return null;
  const host = place.address === '0.0.0.0' || place.address === '::' ? '127.0.0.1' : place.address;
  return `redis://${host.includes(':') ? `[${host}]` : host}:${place.port}`;
}

/**
 * An existing container of that name, running: one that somebody else made is started and used, not fought.
 * Null where Compose is to make it.
 */
export async function reusedRedis(docker: Docker, name: string): Promise<Container | null> {
  const found = await findContainer(docker, name);
  if (found === null || found.status === 'running') return found;
  if (found.service === 'redis') return null;
  await docker.run(['start', name], { timeoutMs: 30_000 });
  return findContainer(docker, name);
}

/** Waits for its health check, where it has one. @throws BotllmError `NOT_READY` with the end of its log */
export async function waitForRedis(docker: Docker, name: string, signal: AbortSignal): Promise<Container> {
  const giveUpAt = performance.now() + UP_WITHIN_MS;
  for (;;) {
    const found = await findContainer(docker, name);
    if (found?.status === 'running' && (await answers(docker, found))) return found;
    const isOver = found === null || found.status === 'exited' || found.restarts > 1;
    if (isOver || performance.now() > giveUpAt) {
      const { stdout, stderr } = await docker.run(['logs', '--tail', '3', name]);
      throw new BotllmError('NOT_READY', SAY.redisNotUp, {
        detail: `${stdout}\n${stderr}`.trim().split('\n').at(-1)?.slice(0, 300),
        hint: SAY.redisNotUpHint,
      });
    }
    await sleep(200, undefined, { signal });
  }
}

/** The guide's own question: `docker exec botfactory-redis redis-cli ping`. */
async function answers(docker: Docker, { name }: Container): Promise<boolean> {
  const { exitCode, stdout } = await docker.run(['exec', name, 'redis-cli', 'ping']);
  return exitCode === 0 && /PONG|NOAUTH/.test(stdout);
}
