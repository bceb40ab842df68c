import { BotllmError } from '../../errors.js';
import { failureOf } from '../native/failure.js';
import type { Container } from './container.js';
import { SAY } from './messages.js';

const OUT_OF_MEMORY =
  /failed to allocate|out of memory|unable to allocate|cudaMalloc failed|bad_alloc|OutOfMemoryError|Not enough memory to handle/i;
const GATED =
  /Cannot access gated repo|gated repo|401 Client Error|403 Client Error|status(?: code)?:? 40[13]/i;
/** SIGKILL: what the kernel ends a process with that took too much. */
const KILLED = 137;

/**
 * Why a container is not on its way to ready: undefined while it is. A restart is a failure at once: what failed
 * will fail again.
 * @param restartsBefore its count when it was started
 * @param logged the end of its log
 */
export function endedBecause(
  container: Container | undefined,
  { name, restartsBefore, logged }: { name: string; restartsBefore: number; logged: string },
): BotllmError | undefined {
  if (container === undefined) return new BotllmError('ENGINE_FAILED', SAY.gone(name), { hint: 'botllm up' });
  const { status, exitCode, oomKilled, error, restarts, memoryLimit } = container;
  if (status === 'paused') {
    return new BotllmError('NOT_READY', SAY.paused(name), { hint: SAY.pausedHint(name) });
  }
  const again = restarts - restartsBefore;
  const isOver = status === 'exited' || status === 'dead' || status === 'restarting' || again > 0;
  if (!isOver) return undefined;
  if (oomKilled || OUT_OF_MEMORY.test(logged) || (exitCode === KILLED && memoryLimit > 0)) {
    const limit =
      memoryLimit > 0 ? SAY.outOfMemoryDetail(`${Math.round(memoryLimit / 1024 ** 2)} MiB`) : undefined;
    return new BotllmError('NOT_ENOUGH_MEMORY', SAY.outOfMemory, {
      detail: oomKilled ? limit : (lineWith(logged, OUT_OF_MEMORY) ?? limit),
      hint: SAY.outOfMemoryHint,
    });
  }
  // The entry's own word: it ends with 0, so that a wrong setting does not loop.
  const refusal = logged.split('\n').findLast((line) => line.startsWith('botllm: '));
  if (exitCode === 0 && again === 0 && refusal !== undefined) {
    const detail = refusal.slice('botllm: '.length).trim();
    return new BotllmError('BAD_CONFIG', SAY.refused, { detail, hint: SAY.refusedHint });
  }
  const gated = lineWith(logged, GATED);
  if (gated !== undefined) {
    return new BotllmError('MODEL_UNAVAILABLE', SAY.gatedAtHub, { detail: gated, hint: SAY.gatedHint });
  }
  const known = failureOf(`exit code ${exitCode}`, logged, 0);
  if (known.code !== 'ENGINE_FAILED') return known;
  const message = again > 1 ? SAY.loops(name, again) : SAY.ended(name, `exit code ${exitCode}`);
  return new BotllmError('ENGINE_FAILED', message, {
    detail: error || known.detail || logged.trim().split('\n').at(-1)?.slice(0, 300),
    hint: 'botllm logs',
  });
}

function lineWith(text: string, pattern: RegExp): string | undefined {
  return text
    .split('\n')
    .find((line) => pattern.test(line))
    ?.trim()
    .slice(0, 300);
}
