import { inLanguage } from '../language.js';

/** What is wrong with a model's answer: the model itself is told when it is asked again, in English always. */
export const MESSAGES = {
  replyCut: 'The answer was cut before its end',
  noJson: 'The answer holds no JSON object',
  notTheShape: (issue: string) => `The answer has the wrong shape: ${issue}`,
  tooLong: (name: string, chars: number, max: number) =>
    `${name} has ${chars} characters, at most ${max} are allowed`,
  unended: (name: string, max: number) =>
    `${name} does not end within the ${max} characters that were asked for`,
  lost: (piece: string) => `${quoted(piece)} is missing`,
  added: (piece: string) => `${quoted(piece)} must not be there`,
  otherLanguage: (name: string) => `${name} is not in the language that was asked for`,
  controlCharacter: (name: string) => `${name} holds a control character`,
  copied: (name: string) => `${name} repeats the example instead of answering`,
  nothingToImprove: 'There is no text',
  emptyMenu: 'items has no text in it',
  tooManyItems: (count: number, max: number) => `items has ${count} entries, at most ${max} are allowed`,
} as const;

/** Why a task cannot be asked as it was given. */
export const REFUSALS = inLanguage('prompts', {
  noLabels: 'availableIntents is empty',
  labelRule: (label: string) =>
    `${JSON.stringify(label.slice(0, 80))} cannot be an intent: 1 to 64 letters, digits, "_", ".", ":" or "-", ` +
    'beginning with a letter or a digit',
  labelTwice: (label: string) => `The intent ${JSON.stringify(label)} is listed twice`,
  notText: (name: string) => `${name} must be text`,
  notADate: (name: string) => `${name} must be a date`,
  badFallback: (name: string) => `${name} does not keep the limits of an answer`,
  unboundedAnswer: (id: string) =>
    `Prompt ${id}: the schema does not bound the answer's length, so build must give maxTokens`,
});

function quoted(piece: string): string {
  return JSON.stringify(piece.slice(0, 80));
}
