import { BotllmError } from '../errors.js';
import { definePrompt } from './define-prompt.js';
import { type EntityName, type IntentAnswer, MAX_ENTITY_CHARS } from './intent-answer.js';
import { intentSchema } from './intent-schema.js';
import { INTENT_EXAMPLES, INTENT_SYSTEM, intentQuestion } from './intent-texts.js';
import { REFUSALS } from './messages.js';
import type { PromptConfig } from './prompt-config.js';

/** The label for a message that fits no intent; always possible, never to be listed. */
export const UNKNOWN_INTENT = 'unknown';

const LABEL = /^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,63}$/u;

export interface IntentInput<Label extends string = string> {
  /** What the user wrote, as it came. */
  message: string;
  /** The bot's intents: 1 to 64 letters, digits, `_`, `.`, `:` or `-` each, no two alike. */
  availableIntents: readonly Label[];
  /** What an intent means, by its label: a few words each help small models. */
  descriptions?: Readonly<Partial<Record<Label, string>>>;
}

/** What the user wants. */
export interface IntentData<Label extends string = string> {
  /** One of the given intents, or `unknown`. */
  intent: Label | typeof UNKNOWN_INTENT;
  /** Probability of the intent among all that were possible, 0 to 1; null where the engine gives none. */
  confidence: number | null;
  /** Pieces of the message, word for word. */
  entities: Partial<Record<EntityName, string>>;
}

const ask = definePrompt<IntentInput, IntentAnswer, IntentData>({
  id: 'intent',
  version: 1,
  schema: ({ availableIntents }) => intentSchema(labelsOf(availableIntents)),
  examples: () => INTENT_EXAMPLES,
  label: ({ availableIntents }) => ({ labels: labelsOf(availableIntents), property: 'intent' }),
  build: ({ message, availableIntents, descriptions }) => {
    if (typeof message !== 'string') throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('message'));
    checkLabels(availableIntents);
    return {
      system: INTENT_SYSTEM,
      user: intentQuestion(message, withoutUnknown(availableIntents), descriptions),
    };
  },
  check: ({ intent, entities }, { message }, { confidence }) => ({
    intent,
    confidence,
    entities: entitiesOf(message, entities),
  }),
  fallback: () => ({ intent: UNKNOWN_INTENT, confidence: null, entities: {} }),
});

/**
 * Asks which of the bot's intents a message carries.
 * @throws BotllmError `INVALID_REQUEST` for an empty list of intents, one that is listed twice, or one that is no label
 */
export function classifyUserIntent<const Label extends string>(
  input: IntentInput<Label>,
): PromptConfig<IntentData<Label>> {
  // The schema is an enum of exactly these labels, which is what the narrower type says.
  return ask(input) as PromptConfig<IntentData<Label>>;
}

/** Everything that the answer may name. */
function labelsOf(intents: readonly string[]): string[] {
  return [...withoutUnknown(intents), UNKNOWN_INTENT];
}

function withoutUnknown(labels: readonly string[]): string[] {
  return labels.filter((label) => label !== UNKNOWN_INTENT);
}

function checkLabels(labels: readonly string[]): void {
  if (!Array.isArray(labels) || withoutUnknown(labels).length === 0)
    throw new BotllmError('INVALID_REQUEST', REFUSALS.noLabels);
  const seen = new Set<string>();
  for (const label of labels) {
    if (typeof label !== 'string' || !LABEL.test(label)) {
      throw new BotllmError('INVALID_REQUEST', REFUSALS.labelRule(String(label)));
    }
    if (seen.has(label)) throw new BotllmError('INVALID_REQUEST', REFUSALS.labelTwice(label));
    seen.add(label);
  }
}

/** Keeps what stands in the message, as it is written there; what the model made up is dropped. */
function entitiesOf(message: string, answered: IntentAnswer['entities']): IntentData['entities'] {
  const entities: IntentData['entities'] = {};
  for (const { name, value } of answered) {
    const wanted = value.trim();
    if (wanted === '' || entities[name] !== undefined) continue;
    const found = new RegExp(wanted.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu').exec(message);
    const inMessage = found && wholeWords(message, found.index, found[0]);
    if (inMessage) entities[name] = inMessage;
  }
  return entities;
}

/** A long value ends at its bound, in the middle of a word if need be: what is left of that word is let go. */
function wholeWords(message: string, at: number, value: string): string {
  if ([...value].length < MAX_ENTITY_CHARS) return value;
  const next = message.slice(at + value.length);
  const isCut = /^[\p{L}\p{N}]/u.test(next) && /[\p{L}\p{N}]$/u.test(value);
  return isCut && /\s/.test(value) ? value.replace(/\s+\S*$/u, '') : value;
}
