import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../errors.js';
import type { EngineReport, Health } from './health.js';
import { messages } from './messages.js';

export interface WaitOptions {
  /** One look at the engine. */
  look: () => Promise<Health>;
  signal: AbortSignal;
  /** Longest wait in all, milliseconds. */
  timeoutMs: number;
  /** Longest wait without a sign of progress, milliseconds. */
  stallMs?: number;
  onPhase?: (phase: EngineReport['phase'], progress: number | undefined) => void;
  /** An error when there is nothing left to wait for (the process died). */
  failed: () => Promise<BotllmError | null>;
}

/**
 * Waits until the engine says that it is ready.
 * @throws BotllmError `NOT_READY` after `timeoutMs`, or after `stallMs` without progress; else what `failed` gives
 */
export async function waitReady(options: WaitOptions): Promise<EngineReport> {
  const { look, signal, timeoutMs, stallMs = 120_000, onPhase, failed } = options;
  const startedAt = performance.now();
  let movedAt = startedAt;
  let seen = '';
  for (;;) {
    const health = await look();
    if (health.state === 'ready') return health.reply;
    const error = await failed();
    if (error) throw error;
    const now = performance.now();
    if (health.state === 'loading') {
      const { phase, progress } = health.reply;
      if (`${phase} ${progress}` !== seen) {
        seen = `${phase} ${progress}`;
        movedAt = now;
        onPhase?.(phase, progress);
      }
    }
    if (now - startedAt > timeoutMs) throw notReady(messages.notReadyInTime(timeoutMs / 1000));
    if (now - movedAt > stallMs) throw notReady(messages.engineStalled(stallMs / 1000));
    await sleep(100, undefined, { signal });
  }
}

function notReady(message: string): BotllmError {
  return new BotllmError('NOT_READY', message, { hint: messages.notReadyHint });
}
