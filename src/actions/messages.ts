import { inLanguage } from '../language.js';

/** What this room says to people. */
export const MESSAGES = inLanguage('actions', {
  badAction: (where: string, why: string) => `The action is not right at ${where}: ${why}`,
  badVariable: (name: string) => `vars.${name} must be text, a number, true or false`,
  badActionHint: 'see action.reply_template.v1 in the README',
  inSpec: (path: string, line: number) => `The action at ${path || 'its top'} (line ${line}) is not right`,
  unreadableSpec: 'The specification cannot be read',
  messageTooLong: (chars: number, max: number) =>
    `The improved message would have ${chars} characters, Telegram takes ${max}`,
});

/** What is wrong with a model's answer: the model itself is told, in English always. */
export const MARKS = {
  looksLikeMark: 'The text has a piece like {{#1}}, which stands for markup here',
  markMoved: (mark: string) => `${mark} is missing, doubled or not where it was`,
} as const;
