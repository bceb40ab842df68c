import { inLanguage } from '../../language.js';

/** What the comparison of two reports says to people. */
export const messages = inLanguage('bench/compare', {
  notReadable: (file: string) => `${file} cannot be read`,
  noFile: 'there is no such file',
  aFolder: 'it is a folder',
  notAllowed: 'this user may not read it',
  noReport: (file: string) => `${file} is no report of botllm bench`,
  noReportHint: 'write one: botllm bench -o report.json',
  otherSchema: (file: string, schema: string) =>
    `${file} is a report of another version (${schema}), which this botllm cannot compare`,
  otherSchemaHint: 'measure both with the same botllm: botllm bench -o report.json',
  brokenReport: (file: string) => `${file} is damaged or was changed by hand`,
  notComparable: 'These reports cannot be compared',
  notComparableHint: 'measure both on the same machine, with the same models and loads: botllm bench -o …',
  machine: (what: string, before: string, after: string) => `another machine: ${what} ${before} → ${after}`,
  noCommonModel: (before: string, after: string) => `no model in common: ${before} → ${after}`,
  onlyIn: (side: 'before' | 'after', what: string) => `${what}: only in the report ${side}`,
  otherWhat: (id: string, what: string, before: string, after: string) =>
    `${id}: another ${what}: ${before} → ${after}`,
  otherPrompts: (what: string, before: number, after: number) =>
    `${what}: prompts of another length: ${Math.round(before)} → ${Math.round(after)} tokens`,
  otherAnswers: (what: string, before: number, after: number) =>
    `${what}: answers of another length: ${Math.round(before)} → ${Math.round(after)} tokens`,
  engineNote: (id: string, before: string, after: string) => `${id}: engine ${before} → ${after}`,
  flagNote: (what: string, side: 'before' | 'after', flag: string) =>
    `${what}: ${flag} in the report ${side}`,
  errorsNote: (what: string, before: number, after: number) => `${what}: errors ${before} → ${after}`,
});
