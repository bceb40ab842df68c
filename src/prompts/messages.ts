/** What this room says to people. */
export const MESSAGES = {
  replyCut: 'The answer was cut before its end',
  noJson: 'The answer holds no JSON object',
  notTheShape: (issue: string) => `The answer has the wrong shape: ${issue}`,
  noLabels: 'availableIntents is empty',
  labelRule: (label: string) =>
    `${JSON.stringify(label.slice(0, 80))} cannot be an intent: 1 to 64 letters, digits, "_", ".", ":" or "-", ` +
    'beginning with a letter or a digit',
  labelTwice: (label: string) => `The intent ${JSON.stringify(label)} is listed twice`,
  notText: (name: string) => `${name} must be text`,
  unboundedAnswer: (id: string) =>
    `Prompt ${id}: the schema does not bound the answer's length, so build must give maxTokens`,
} as const;
