import { type Look, plain } from '../look.js';
import { tuiMessages } from '../messages.js';
import type { TopModel } from '../model.js';

/** Whose log it is. */
export function logHead({ logOf }: TopModel, look: Look): string[] {
  return logOf === undefined ? [] : [look.paint('bold', plain(logOf))];
}

/** The end of the engine's log, oldest first. */
export function logs({ log }: TopModel): string[] {
  return log.length === 0 ? [tuiMessages.noLog] : log.map(plain);
}
