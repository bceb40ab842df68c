import { improveText } from '../../prompts/improve.js';
import { classifyUserIntent } from '../../prompts/intent.js';
import { generateDynamicMenu } from '../../prompts/menu.js';
import type { PromptConfig } from '../../prompts/prompt-config.js';
import { smartValidateInput } from '../../prompts/validate.js';
import type { EvalCase, HostileCase, IntentQuestionSet } from '../set/cases.js';
import { TODAY } from '../set/validate-cases.js';

/** The question as the library's own prompts put it. */
export function questionOf(one: EvalCase, set: IntentQuestionSet): PromptConfig<unknown> {
  switch (one.task) {
    case 'intent':
      return intentQuestion(one.text, set);
    case 'validate':
      return smartValidateInput({ userInput: one.input, expectation: one.expectation, now: TODAY });
    case 'menu':
      return generateDynamicMenu({ topic: one.topic, context: one.context });
    case 'improve':
      return improveText({ text: one.text });
    case 'hostile':
      return one.asked === 'intent'
        ? intentQuestion(one.text, set)
        : improveText({ text: hostileMessage(one) });
  }
}

function intentQuestion(message: string, { labels }: IntentQuestionSet): PromptConfig<unknown> {
  return classifyUserIntent({
    message,
    availableIntents: labels.map(({ name }) => name),
    descriptions: descriptionsOf(labels),
  });
}

export function descriptionsOf(labels: IntentQuestionSet['labels']): Record<string, string> {
  return Object.fromEntries(
    labels.flatMap(({ name, description }) => (description === undefined ? [] : [[name, description]])),
  );
}

/** An attack inside a bot's message, as a user's name or comment would be. */
export function hostileMessage({ text }: HostileCase): string {
  return `{{name}}, ${text} {{date}}`;
}
