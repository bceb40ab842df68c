import { z } from 'zod';
import type { Importer } from './contract.js';
import { jsonFile } from './lines.js';

const Pairs = z.array(z.tuple([z.string().min(1), z.string()]));
const File = z.object({ test: Pairs, oos_test: Pairs.optional() });

/** 150 intents with messages that are out of scope by the set's own word. */
export const clinc150: Importer = {
  kind: 'clinc150',
  licence:
    'CLINC150 (Larson et al., 2019); its repository names no licence: ask before you publish more than figures',
  takes: 'data/data_full.json',
  read: async (file) => {
    const { test, oos_test = [] } = await jsonFile(file, File);
    return [...test, ...oos_test].map(([text, label]) => ({
      text,
      label: label === 'oos' ? null : label,
      lang: 'en',
    }));
  },
};
