import { BotllmError } from '../errors.js';
import { messages } from './messages.js';

/** A prompt file that cannot be used: which one, which key of it, and why. */
export function badPrompt(
  file: string,
  key: string,
  reason: string,
  more: { hint?: string | undefined; cause?: unknown } = {},
): BotllmError {
  const hint = more.hint ?? messages.promptHint;
  return new BotllmError('BAD_CONFIG', messages.badPrompt(file, key), {
    detail: reason,
    hint,
    cause: more.cause,
  });
}

/** The first line of what was thrown; stacks and code frames are for `--verbose`. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0] ?? '';
}
