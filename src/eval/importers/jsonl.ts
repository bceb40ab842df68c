import { z } from 'zod';
import { UNKNOWN_INTENT } from '../../prompts/intent.js';
import type { Importer } from './contract.js';
import { jsonLines } from './lines.js';

const Line = z.object({
  text: z.string().min(1),
  intent: z.string().min(1),
  lang: z.string().max(8).optional(),
});

/** A bot's own messages: `{"text":"…","intent":"…","lang":"ru"}` a line; `unknown` is out of scope. */
export const jsonl: Importer = {
  kind: 'jsonl',
  licence: 'your own',
  takes: 'a file of {"text":"…","intent":"…"} lines',
  read: async (file) =>
    (await jsonLines(file, Line)).map(({ text, intent, lang }) => ({
      text,
      label: intent === UNKNOWN_INTENT ? null : intent,
      lang,
    })),
};
