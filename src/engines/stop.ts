import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../errors.js';
import type { HomeLayout } from '../settings/home.js';
import { messages } from './messages.js';
import { isSameProcess } from './process-identity.js';
import { type EngineState, forgetState } from './state.js';

/** How long the engine may take to finish what is in flight, milliseconds; its own bound is 10 s. */
export const GRACE_MS = 15_000;
/** Nothing refuses SIGKILL; on a machine with ten programs a core the end of a process has taken over 5 s. */
const KILL_MS = 30_000;

/**
 * Asks the process to finish what is in flight, then kills it, then forgets it.
 * @throws BotllmError `ENGINE_FAILED` when not even SIGKILL ended it
 */
export async function stopEngine(layout: HomeLayout, state: EngineState, graceMs: number): Promise<void> {
  const stopped = (await end(state, 'SIGTERM', graceMs)) || (await end(state, 'SIGKILL', KILL_MS));
  if (!stopped) {
    throw new BotllmError('ENGINE_FAILED', messages.downStubborn, { detail: `pid ${state.pid}` });
  }
  await forgetState(layout, state.instanceId);
}

async function end(state: EngineState, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + waitMs;
  const runs = () => isSameProcess(state.pid, state.pidStartTime);
  if (!(await runs())) return true;
  try {
    process.kill(state.pid, signal);
  } catch {
    return !(await runs());
  }
  while (performance.now() < giveUpAt) {
    if (!(await runs())) return true;
    await sleep(50);
  }
  return false;
}
