import { inLanguage } from '../language.js';

/** What this room says. */
export const MESSAGES = inLanguage('eval', {
  badLine: (file: string, line: number, why: string) => `${file}, line ${line}: ${why}`,
  noSet: (file: string) => `the quality set is not where it should be: ${file}`,
  reinstall: 'npm install botllm',
  tooLarge: (size: number, most: number) => `it has ${size} bytes, and ${most} is the most that is read`,
  noFiles: (name: string) => `no file in it is named like ${name}`,
  unreadable: (file: string) => `cannot read the set ${file}`,
  dataHint: 'botllm eval --help',
  line: (line: number, why: string) => `line ${line}: ${why.split('\n').join(' ').slice(0, 200)}`,
  csvHead: (head: string) => `its first line should be ${head}`,
  fewLabels: 'it has fewer than two labels with two messages each',
  nobody: (model: string) => `${model} does not answer`,
  gone: (model: string) => `${model} does not answer any more`,
  refuses: (model: string, refusals: number) => `${model} refused ${refusals} questions in a row`,
  goneAfter: (code: string, answered: number, planned: number) =>
    `${code}; ${answered} of ${planned} questions were answered`,
  nobodyHint: 'botllm health',
  refusesHint: 'botllm logs',
  strangeLabel: (label: string) => `${label} is not among the labels`,
});
