import { z } from 'zod';
import type { Importer } from './contract.js';
import { jsonFile } from './lines.js';
import { filesUnder } from './read-file.js';

/** The name of the intent, and each message in pieces, slots among them. */
const File = z.record(z.string(), z.array(z.object({ data: z.array(z.object({ text: z.string() })) })));

/** Seven intents of an assistant, a file each. */
export const snips: Importer = {
  kind: 'snips',
  licence: 'SNIPS custom intents (Coucke et al., 2018); CC0 is stated for the built-in set alone',
  takes: 'validate_GetWeather.json, or the folder 2017-06-custom-intent-engines',
  read: async (place) => {
    const files = await filesUnder(place, /^validate_[A-Za-z]+\.json$/);
    const sets = await Promise.all(files.map((file) => jsonFile(file, File)));
    return sets.flatMap((set) =>
      Object.entries(set).flatMap(([label, messages]) =>
        messages.flatMap(({ data }) => {
          const text = data
            .map((piece) => piece.text)
            .join('')
            .trim();
          return text === '' ? [] : [{ text, label, lang: 'en' }];
        }),
      ),
    );
  },
};
