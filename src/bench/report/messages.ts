import { inLanguage } from '../../language.js';

/** What the writers of reports say to people. */
export const messages = inLanguage('bench/report', {
  unknownSuffix: (file: string) => `${file} does not say by its suffix what to write`,
  unknownSuffixHint: '-o report.json, report.md, report.csv or report.html',
  notWritten: (file: string) => `${file} cannot be written`,
  isFolder: 'it is a folder',
  makeFolder: (folder: string) => `mkdir -p ${folder}`,
  elsewhere: '-o FILE',
});
