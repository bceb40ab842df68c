import type { messages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  unknownSuffix: (file) => `По расширению ${file} не понять, что записать`,
  unknownSuffixHint: '-o report.json, report.md, report.csv или report.html',
  noFolder: (folder) => `Каталога ${folder} нет, или в него нельзя писать`,
  noFolderHint: (folder) => `mkdir -p ${folder}`,
};
