import { inLanguage } from '../language.js';

/** What `improve` says to people. */
export const improveMessages = inLanguage('cli/improve', {
  step: (done: number, all: number) => `improving messages: ${done} of ${all}`,
  stays: (path: string, why: string) => `${path} stays as it is: ${why}`,
  nothing: 'There is no action.reply_template.v1 in it',
  nothingHint: "an object with type 'action.reply_template.v1' and params.text",
  summary: (improved: number, same: number, kept: number, refused: number) =>
    [
      `${improved} improved`,
      ...(same > 0 ? [`${same} already as good`] : []),
      ...(kept > 0 ? [`${kept} left as they are`] : []),
      ...(refused > 0 ? [`${refused} with llm_improve: false not asked about`] : []),
    ].join(', '),
  written: (file: string) => `written to ${file}`,
  writeNext: (command: string) => `${command} writes exactly this`,
  resumed: (count: number) => `${count} answers of an earlier run are taken`,
  resume: 'the same command goes on where this stopped',
  noFile: (file: string) => `${file} cannot be read`,
  notWritten: (file: string) => `${file} cannot be written`,
  changed: (file: string) => `${file} has changed while its messages were improved`,
  changedHint: 'the same command again; the answers are kept',
  notUtf8: (file: string) => `${file} is not UTF-8 text`,
});
