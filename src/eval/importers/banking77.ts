import { MESSAGES } from '../messages.js';
import type { Importer } from './contract.js';
import { parseCsv } from './csv.js';
import { readBounded, unreadable } from './read-file.js';

/** `text,category`, 77 intents of a bank. */
export const banking77: Importer = {
  kind: 'banking77',
  licence: 'BANKING77, CC BY 4.0 (Casanueva et al., 2020; PolyAI)',
  takes: 'banking_data/test.csv',
  read: async (file) => {
    const [head, ...rows] = parseCsv(await readBounded(file));
    const [text, category] = ['text', 'category'].map((name) => head?.indexOf(name) ?? -1);
    if (text === undefined || category === undefined || text < 0 || category < 0) {
      throw unreadable(file, new Error(MESSAGES.csvHead('text,category')));
    }
    return rows.flatMap((row) => {
      const [message, label] = [row[text], row[category]];
      return message && label ? [{ text: message, label, lang: 'en' }] : [];
    });
  },
};
