import { z } from 'zod';
import { BotllmError } from '../errors.js';
import { definePrompt } from './define-prompt.js';
import {
  isExplicitLink,
  linksIn,
  mentionsIn,
  placeholdersIn,
  surplus,
  withoutPlaceholders,
} from './fixed-pieces.js';
import { IMPROVE_EXAMPLES, IMPROVE_SYSTEM, type ImproveAnswer, improveQuestion } from './improve-texts.js';
import { isOtherLanguage, languageFor, sameLanguageLast } from './language.js';
import { MESSAGES, REFUSALS } from './messages.js';
import type { PromptConfig } from './prompt-config.js';

export interface ImproveInput {
  /** The message as the bot would send it, its `{{placeholders}}` not filled in. */
  text: string;
  /** How it should sound, in a few words; `friendly` by default. */
  tone?: string | undefined;
}

export interface ImproveData {
  text: string;
}

/** An answer may have three times the message's characters, or 120 more: a short message grows more. */
const MAX_GROWTH = 3;
const ALWAYS_ALLOWED_CHARS = 120;
/** A Cyrillic letter is two tokens at worst. */
const TOKENS_PER_CHARACTER = 2;
/** Question and answer of the longest message a messenger takes must fit the 4,096 tokens of the default model. */
const MAX_TOKENS = 2_000;
const TOKENS_OF_JSON = 30;

const ask = definePrompt<ImproveInput, ImproveAnswer, ImproveData>({
  id: 'improve',
  version: 2,
  event: 'llm_text_improved',
  schema: () => ANSWER,
  // Without a longest length on purpose: an engine that holds the schema would end a text there, in the middle
  // of a word, and call it whole. An answer that runs on is cut at maxTokens, and a cut answer is never used.
  jsonSchema: () => ({
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  }),
  examples: ({ text }) => sameLanguageLast(withoutPlaceholders(text), IMPROVE_EXAMPLES),
  build: ({ text, tone }) => ({
    system: IMPROVE_SYSTEM,
    user: improveQuestion(text, languageFor(withoutPlaceholders(text)), tone?.trim() || undefined),
    maxTokens: Math.min(MAX_TOKENS, longest(text) * TOKENS_PER_CHARACTER + TOKENS_OF_JSON),
  }),
  check: (answer, { text }) => {
    const improved = answer.text.trim();
    checkImproved(text, improved);
    return { text: improved };
  },
  fallback: ({ text }) => ({ text }),
});

const ANSWER = z.object({ text: z.string() });

/**
 * Makes a bot's message friendlier and clearer, in its own language. An answer is taken only when it has every
 * `{{placeholder}}` exactly as often as the message, no link and no @mention that the message has not, none of
 * its links and mentions lost, and at most 3 × its characters or 120 more, whichever is longer (UTF-16 units,
 * as messengers count). The event `llm_text_improved` tells of every one that is.
 *
 * Fallback: the message as it was given.
 * @throws BotllmError `INVALID_REQUEST` for a message or a tone that is no text
 */
export function improveText(input: ImproveInput): PromptConfig<ImproveData> {
  if (typeof input.text !== 'string') throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('text'));
  if (input.tone !== undefined && typeof input.tone !== 'string') {
    throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('tone'));
  }
  return ask(input);
}

/** @throws Error with a reason that the model can read */
function checkImproved(text: string, improved: string): void {
  if (text.trim() === '' || improved === '') throw new Error(MESSAGES.nothingToImprove);
  if (IMPROVE_EXAMPLES.some(({ answer }) => answer.text === improved))
    throw new Error(MESSAGES.copied('text'));
  const [asked, given] = [placeholdersIn(text), placeholdersIn(improved)];
  refuse(MESSAGES.lost, surplus(asked, given));
  refuse(MESSAGES.added, surplus(given, asked));
  const [links, newLinks] = [linksIn(text), linksIn(improved)];
  refuse(MESSAGES.added, surplus(newLinks, links));
  refuse(MESSAGES.lost, surplus(links.filter(isExplicitLink), newLinks));
  const [mentions, newMentions] = [mentionsIn(text), mentionsIn(improved)];
  refuse(MESSAGES.added, surplus(newMentions, mentions));
  refuse(MESSAGES.lost, surplus(mentions, newMentions));
  if (improved.length > longest(text))
    throw new Error(MESSAGES.tooLong('text', improved.length, longest(text)));
  if (/[^\P{Cc}\n\t]/u.test(improved)) throw new Error(MESSAGES.controlCharacter('text'));
  if (isOtherLanguage(withoutPlaceholders(text), withoutPlaceholders(improved))) {
    throw new Error(MESSAGES.otherLanguage('text'));
  }
}

function refuse(message: (piece: string) => string, [piece]: readonly string[]): void {
  if (piece !== undefined) throw new Error(message(piece));
}

function longest(text: string): number {
  return Math.max(text.length * MAX_GROWTH, text.length + ALWAYS_ALLOWED_CHARS);
}
