import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError, isBotllmError } from '../../errors.js';
import { messages } from '../messages.js';
import { type AskOptions, isListening, isReady } from './ask.js';
import { inspectContainer } from './container.js';
import { endedBecause } from './ended.js';
import type { Family, LoadPhase } from './families/contract.js';
import type { RunTool } from './run-tool.js';

export interface ContainerWait extends AskOptions {
  run: RunTool;
  family: Family;
  container: string;
  restartsBefore: number;
  signal: AbortSignal;
  /** Longest wait in all, milliseconds. */
  readyWithinMs: number;
  onPhase: (phase: LoadPhase, progress?: number) => void;
  /**
   * `listening`: it answers, and loads a model on request only. `fetched`: its weights are here, as its log says.
   * Default `ready`.
   */
  until?: 'listening' | 'fetched' | 'ready';
}

const LOOK_EVERY_MS = 300;
/** Its log is read for the phase less often: a download lasts minutes. */
const READ_EVERY_MS = 1_500;
const LOG_LINES = '200';
const MOST_FAILURES = 5;

/**
 * Waits until the family says that the model can answer, and fails as soon as the container will not get there.
 * @throws BotllmError `NOT_READY` when the time is over, else why it ended
 */
export async function waitForContainer(wait: ContainerWait): Promise<void> {
  const { run, family, container, restartsBefore, signal, readyWithinMs, onPhase } = wait;
  const giveUpAt = performance.now() + readyWithinMs;
  let readAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  for (;;) {
    if (await hasCome(wait)) return;
    const found = await look(wait, failures);
    if (found === 'unasked') {
      failures += 1;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      continue;
    }
    failures = 0;
    const running = found?.status === 'running' && found.restarts === restartsBefore;
    if (!running) {
      const logged = await logTail(run, container);
      const error = endedBecause(found, { name: container, restartsBefore, logged });
      if (error) throw error;
    } else if (performance.now() - readAt > READ_EVERY_MS) {
      readAt = performance.now();
      const phase = phaseIn(await logTail(run, container), family);
      if (phase !== undefined) onPhase(phase);
    }
    if (performance.now() > giveUpAt) {
      throw new BotllmError('NOT_READY', messages.notReadyInTime(readyWithinMs / 1000), {
        hint: messages.notReadyHint,
      });
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** On a busy machine Docker may be late once; one that stays silent is gone. */
async function look({ run, container }: ContainerWait, failures: number) {
  try {
    return await inspectContainer(run, container);
  } catch (error) {
    if (!isBotllmError(error, 'MISSING_PREREQUISITE') || failures >= MOST_FAILURES) throw error;
    return 'unasked' as const;
  }
}

async function hasCome({ until, family, run, container, ...asking }: ContainerWait): Promise<boolean> {
  if (until === 'listening') return isListening(family, asking);
  if (until !== 'fetched') return isReady(family, asking);
  const phase = phaseIn(await logTail(run, container), family);
  return phase !== undefined && phase !== 'download';
}

/** The latest phase that a log speaks of. */
export function phaseIn(logged: string, { phases }: Family): LoadPhase | undefined {
  return phases.findLast(({ pattern }) => pattern.test(logged))?.phase;
}

/** The end of a container's log, both streams in the order in which they came. */
export async function logTail(run: RunTool, container: string, lines = LOG_LINES): Promise<string> {
  const { exitCode, all } = await run('docker', ['logs', '--tail', lines, container]);
  return exitCode === 0 ? all : '';
}
