import { BotllmError } from '../errors.js';
import { MESSAGES } from './messages.js';

const MAX_USER_ID_CHARS = 256;
/** What no line of a log could hold; half a surrogate pair is no text at all. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * A user's id in its one spelling: composed (NFC), without blanks around it; case counts. An empty one is none.
 * @throws BotllmError `INVALID_REQUEST` for what is no text, is longer than 256 characters or holds
 * control characters
 */
export function normalUserId(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const fits = typeof given === 'string' && given.length <= MAX_USER_ID_CHARS;
  const id = fits ? given.trim().normalize('NFC') : null;
  if (id === null || UNFIT.test(id)) {
    throw new BotllmError('INVALID_REQUEST', MESSAGES.badUserId(MAX_USER_ID_CHARS));
  }
  return id === '' ? undefined : id;
}
