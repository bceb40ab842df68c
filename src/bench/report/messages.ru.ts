import type { messages as English } from './messages.js';

/** `messages.ts` in Russian. */
export const messages: typeof English = {
  unknownSuffix: (file) => `По расширению ${file} не понять, что записать`,
  unknownSuffixHint: '-o report.json, report.md, report.csv или report.html',
  notWritten: (file) => `${file} не удаётся записать`,
  isFolder: 'это каталог',
  makeFolder: (folder) => `mkdir -p ${folder}`,
  elsewhere: '-o FILE',
};
