import { messages as benchRecords } from '../bench/records/messages.ru.js';
import { MESSAGES as client } from '../client/messages.ru.js';
import type { Translation } from '../language.js';
import { MESSAGES as settings } from '../settings/messages.ru.js';
import { storeMessages as stores } from '../stores/messages.ru.js';
import { messages as cli } from './messages.ru.js';

/** Everything that botllm says in Russian; loaded when Russian is spoken, and never else. */
export const RUSSIAN: Translation = {
  catalogues: {
    'bench/records': benchRecords,
    cli,
    client,
    settings,
    stores,
  },
  texts: {},
};

/** The part of the CLI itself. */
export function ownWords(): Translation {
  const own = Object.entries(RUSSIAN.catalogues).filter(([name]) => /^cli\b/.test(name));
  return { ...RUSSIAN, catalogues: Object.fromEntries(own) };
}
