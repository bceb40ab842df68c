import { MESSAGES as client } from '../client/messages.ru.js';
import type { Translation } from '../language.js';

/** Everything that botllm says in Russian; loaded when Russian is spoken, and never else. */
export const RUSSIAN: Translation = {
  catalogues: { client },
  texts: {},
};

/** The part of the CLI itself. */
export function ownWords(): Translation {
  const own = Object.entries(RUSSIAN.catalogues).filter(([name]) => /^cli\b/.test(name));
  return { ...RUSSIAN, catalogues: Object.fromEntries(own) };
}
