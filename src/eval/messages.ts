/** What this room says. */
export const MESSAGES = {
  badLine: (file: string, line: number, why: string) => `${file}, line ${line}: ${why}`,
  noSet: (file: string) => `the quality set is not where it should be: ${file}`,
  reinstall: 'npm install botllm',
  nobody: (model: string) => `${model} does not answer`,
  nobodyHint: 'botllm health',
  strangeLabel: (label: string) => `${label} is not among the labels`,
} as const;
