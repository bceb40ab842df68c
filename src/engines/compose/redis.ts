import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../../errors.js';
import { type Container, inspectContainer } from './container.js';
import { SAY } from './messages.js';
import type { RunTool } from './run-tool.js';

const REDIS_PORT = 6379;
const UP_WITHIN_MS = 30_000;

/** The Redis of a container, as this machine reaches it; null: its port is not published here. */
export function redisUrlOf({ published }: Container): string | null {
  const place = published.find(({ inner }) => inner === REDIS_PORT);
  if (place === undefined) return null;
  const host = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' }[place.host] ?? place.host;
  return `redis://${host.includes(':') ? `[${host}]` : host}:${place.port}`;
}

/**
 * An existing container of that name, running: one that somebody else made is started and used, not fought.
 * Null where Compose is to make it.
 */
export async function reusedRedis(run: RunTool, name: string): Promise<Container | undefined> {
  const found = await inspectContainer(run, name);
  if (found === undefined || found.status === 'running') return found;
  if (found.labels['com.docker.compose.service'] === 'redis') return undefined;
  await run('docker', ['start', name], { timeoutMs: 30_000 });
  return inspectContainer(run, name);
}

/** Waits for its health check, where it has one. @throws BotllmError `NOT_READY` with the end of its log */
export async function waitForRedis(
  run: RunTool,
  name: string,
  signal: AbortSignal,
): Promise<Container & { wantsPassword: boolean }> {
  const giveUpAt = performance.now() + UP_WITHIN_MS;
  for (;;) {
    const found = await inspectContainer(run, name);
    const answer = found?.status === 'running' ? await ping(run, found) : null;
    if (found && answer !== null) return { ...found, wantsPassword: answer === 'NOAUTH' };
    const isOver = found === undefined || found.status === 'exited' || found.restarts > 1;
    if (isOver || performance.now() > giveUpAt) {
      const { stdout, stderr } = await run('docker', ['logs', '--tail', '3', name]);
      throw new BotllmError('NOT_READY', SAY.redisNotUp, {
        detail: `${stdout}\n${stderr}`.trim().split('\n').at(-1)?.slice(0, 300),
        hint: SAY.redisNotUpHint,
      });
    }
    await sleep(200, undefined, { signal });
  }
}

/** The guide's own question: `docker exec botfactory-redis redis-cli ping`. */
async function ping(run: RunTool, { name }: Container): Promise<'PONG' | 'NOAUTH' | null> {
  const { exitCode, stdout } = await run('docker', ['exec', name, 'redis-cli', 'ping']);
  const [word] = exitCode === 0 ? (/PONG|NOAUTH/.exec(stdout) ?? []) : [];
  return (word as 'PONG' | 'NOAUTH' | undefined) ?? null;
}
