import { BotllmError } from '../../errors.js';
import type { Env } from '../../settings/read.js';
import { LOGS } from './docker-messages.js';

/** Which lines of a container's log; times are of this machine's clock. */
export interface LineChoice {
  /** The last so many; all when absent. */
  tail?: number | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** Go on with what comes, until the container ends. */
  follow?: boolean | undefined;
}

/**
 * What a container wrote, both its streams, line by line as `docker logs` hands it over: nothing is held back, a
 * log may be of any length. Ends without an error when the signal aborts.
 * @throws BotllmError `ENGINE_FAILED` where Docker cannot read that log (a driver that keeps none)
 */
export async function* containerLines(
  name: string,
  { tail, since, until, follow }: LineChoice,
  { env, signal }: { env: Env; signal: AbortSignal },
): AsyncGenerator<string> {
  const { execa } = await import('execa');
  const args = [
    ...(tail === undefined ? [] : ['--tail', String(tail)]),
    ...(since === undefined ? [] : ['--since', since.toISOString()]),
    ...(until === undefined ? [] : ['--until', until.toISOString()]),
    ...(follow === true ? ['--follow'] : []),
  ];
  if (signal.aborted) return;
  const child = execa('docker', ['logs', ...args, name], {
    env: { ...env },
    extendEnv: false,
    all: true,
    buffer: false,
    stdin: 'ignore',
    cancelSignal: signal,
  });
  let last = '';
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      last = String(line);
      yield last;
    }
  } catch (error) {
    // Ctrl-C reaches docker, too, and it may be the first to go.
    if (signal.aborted || endedBySignal(error)) return;
    throw new BotllmError('ENGINE_FAILED', LOGS.unreadable(name), {
      detail: last.slice(0, 300) || undefined,
      hint: `docker logs ${name}`,
      cause: error,
    });
  }
}

function endedBySignal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { exitCode, isTerminated } = error as Error & { exitCode?: number; isTerminated?: boolean };
  return isTerminated === true || exitCode === 130;
}
