import { z } from 'zod';
import type { Importer } from './contract.js';
import { jsonLines } from './lines.js';
import { filesUnder } from './read-file.js';

const Line = z.object({
  locale: z.string(),
  partition: z.string(),
  intent: z.string(),
  utt: z.string().min(1),
});

/** A file a locale, 60 intents; what is asked is the part that is there for tests. */
export const massive: Importer = {
  kind: 'massive',
  licence: 'Amazon MASSIVE, CC BY 4.0 (FitzGerald et al., 2022; built on SLURP, CC BY 4.0)',
  takes: 'data/ru-RU.jsonl, or the folder (then ru-RU and en-US)',
  read: async (place) => {
    const files = await filesUnder(place, /^(ru-RU|en-US)\.jsonl$/);
    const lines = (await Promise.all(files.map((file) => jsonLines(file, Line)))).flat();
    const tests = lines.filter(({ partition }) => partition === 'test');
    return (tests.length > 0 ? tests : lines).map(({ utt, intent, locale }) => ({
      text: utt,
      label: intent,
      lang: locale.slice(0, 2),
    }));
  },
};
