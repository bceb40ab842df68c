// A channel of messages and an end with the parent are all that is needed; execa would cost the start 50 ms.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { BotllmError } from '../../errors.js';
import { messages } from '../messages.js';
import type { LoadPlan } from './plan.js';
import type { FromInstrument } from './protocol.js';
import type { LevelRecord } from './run-level.js';

export interface Measured extends LevelRecord {
  /** Most memory of the measuring process so far. */
  peakRssBytes: number;
}

/** The measuring process. */
export interface Instrument extends AsyncDisposable {
  /** From the start of the process until it could measure. */
  readonly startedInMs: number;
  /**
   * Runs one load level.
   * @throws BotllmError `INTERNAL` when the process broke; the signal's reason
   */
  measure(plan: LoadPlan, watch: MeasureWatch): Promise<Measured>;
}

export interface MeasureWatch {
  signal: AbortSignal;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Starts the measuring process; it ends with `Symbol.asyncDispose`, or with this process. */
export async function startInstrument(now: () => number = () => performance.now()): Promise<Instrument> {
  const startedAt = now();
  const child = fork(new URL('./main.js', import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Whole stamps and arrays come over as they are, in a tenth of the time of JSON.
    serialization: 'advanced',
    execArgv: [],
  });
  await answer(child, (message) => (message.type === 'ready' ? message : undefined));
  const startedInMs = now() - startedAt;
  return {
    startedInMs,
    async measure(plan, { signal, onProgress }) {
      signal.throwIfAborted();
      // What was measured until Ctrl-C is kept: the process ends the level by itself, and says what it has.
      const stop = () => void child.kill('SIGINT');
      signal.addEventListener('abort', stop, { once: true });
      try {
        child.send(plan);
        const { record, peakRssBytes } = await answer(child, (message) => {
          if (message.type === 'progress') onProgress?.(message.done, message.total);
          if (message.type === 'failed') throw broken(message.reason);
          return message.type === 'done' ? message : undefined;
        });
        return { ...record, peakRssBytes };
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The first message that `pick` takes. @throws BotllmError `INTERNAL` when the process ends before it */
function answer<T>(child: ChildProcess, pick: (message: FromInstrument) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      settle();
    };
    const onMessage = (message: unknown) => {
      try {
        const picked = pick(message as FromInstrument);
        if (picked !== undefined) end(() => resolve(picked));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const onExit = (code: number | null, killedBy: string | null) =>
      end(() => reject(broken(killedBy ?? `exit code ${code}`)));
    const onError = (error: Error) => end(() => reject(broken(error.message)));
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
  });
}

function broken(detail: string): BotllmError {
  return new BotllmError('INTERNAL', messages.instrumentBroke, {
    detail,
    hint: messages.instrumentBrokeHint,
  });
}
