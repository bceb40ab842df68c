import { BotllmError } from '../errors.js';
import { PRIORITIES, type Priority } from '../types.js';
import { MESSAGES } from './messages.js';

/**
 * The class of a call. Somebody waits for an intent, a verdict, a menu or a chat; a nicer wording of a text
 * that is there already can wait a little; `batch` is what a caller says of work that nobody waits for.
 * @throws BotllmError `INVALID_REQUEST` for a class that there is not
 */
export function priorityOf(task: string, given: Priority | undefined): Priority {
  if (given === undefined) return task === 'improve' ? 'improve' : 'interactive';
  if (PRIORITIES.includes(given)) return given;
  throw new BotllmError('INVALID_REQUEST', MESSAGES.badPriority(PRIORITIES.join(', ')));
}
