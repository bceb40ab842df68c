import { BotllmError, type BotllmErrorOptions, type ErrorCode } from '../errors.js';
import type { Said } from './messages.js';

/** The error of a code in the words of this room. */
export function refuse(
  code: ErrorCode,
  said: Said,
  more: Pick<BotllmErrorOptions, 'cause' | 'status' | 'retryAfterMs'> = {},
): BotllmError {
  return new BotllmError(code, said.message, { detail: said.detail, hint: said.hint, ...more });
}
