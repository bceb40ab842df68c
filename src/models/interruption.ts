import { BotllmError } from '../errors.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';

/** What a cancelled fetch ends with: the caller's own error where it gave one, else `INTERRUPTED`. */
export function interruption(signal: AbortSignal): BotllmError {
  const reason: unknown = signal.reason;
  return reason instanceof BotllmError ? reason : refuse('INTERRUPTED', SAY.interrupted(), { cause: reason });
}
