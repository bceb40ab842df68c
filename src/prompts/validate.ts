import { z } from 'zod';
import { BotllmError } from '../errors.js';
import { definePrompt } from './define-prompt.js';
import { expectedFormats, type Verdict, verdictOn } from './formats/verdict.js';
import { isOtherLanguage, languageFor } from './language.js';
import { REFUSALS } from './messages.js';
import type { PromptConfig } from './prompt-config.js';
import {
  VALIDATE_EXAMPLES,
  VALIDATE_SYSTEM,
  type ValidateAnswer,
  validateQuestion,
} from './validate-texts.js';
import {
  rightInput,
  spokenText,
  type Words,
  type WordsQuestion,
  wordsFor,
  wordsForModel,
  wordsUnchecked,
} from './validate-words.js';

export interface ValidationInput {
  /** What the user typed, as it came. */
  userInput: string;
  /**
   * What the bot asked for, in words. A format that it names is checked in code: a pattern of date and time
   * (`YYYY-MM-DD HH:MM`, `ДД.ММ.ГГГГ`, `%d.%m.%Y`), an e-mail address, a phone number, an http(s) link, a number
   * or a whole number with its limits, in Russian or English.
   */
  expectation: string;
  /** The day that "завтра" counts from, in the process's time zone. Default: today. */
  now?: Date | undefined;
}

export interface ValidationData {
  valid: boolean;
  /** A sentence to the user, at most 120 characters. */
  reason: string;
  /** A sentence that shows a right input, at most 120 characters; may be empty where `valid` is true. */
  suggestion: string;
}

type Asked = WordsQuestion & { verdict: Verdict | null };

/** A model's sentence may be so long. */
const MAX_SENTENCE_CHARS = 120;
/** One more than may be: an engine that holds the schema ends a text at its bound in the middle of a word, and that must be seen. */
const ROOM = MAX_SENTENCE_CHARS + 1;

const ask = definePrompt<Asked, ValidateAnswer, ValidationData>({
  id: 'validate',
  version: 1,
  schema: () => ANSWER,
  jsonSchema: ({ verdict }) => ({
    type: 'object',
    properties: {
      // What the code knows is not asked, only written down, so that the sentences behind it agree with it.
      valid: verdict ? { type: 'boolean', enum: [verdict.valid] } : { type: 'boolean' },
      reason: { type: 'string', maxLength: ROOM },
      suggestion: { type: 'string', maxLength: ROOM },
    },
    required: ['valid', 'reason', 'suggestion'],
    additionalProperties: false,
  }),
  examples: () => VALIDATE_EXAMPLES,
  build: (asked) => ({
    system: VALIDATE_SYSTEM,
    user: validateQuestion({
      input: asked.input,
      expectation: asked.expectation,
      today: dayOf(asked.now),
      language: languageFor(asked.spoken),
      verdict: asked.verdict?.valid ?? null,
      right: asked.verdict?.valid === false ? rightInput(asked) : null,
    }),
  }),
  check: (answer, asked) => {
    const { verdict } = asked;
    if (!verdict)
      return { valid: answer.valid, ...wordsOf(answer, wordsForModel(answer.valid, asked), asked) };
    const fixed = wordsFor(verdict, asked);
    // Sentences that argue for the opposite of what is true help nobody.
    const words = answer.valid === verdict.valid ? wordsOf(answer, fixed, asked) : fixed;
    return { valid: verdict.valid, ...words };
  },
  fallback: (asked) => {
    const { verdict, input } = asked;
    if (verdict) return { valid: verdict.valid, ...wordsFor(verdict, asked) };
    if (input.trim() === '') return { valid: false, ...wordsFor({ valid: false, why: 'blank' }, asked) };
    return { valid: true, ...wordsUnchecked(asked) };
  },
});

const ANSWER = z.object({ valid: z.boolean(), reason: z.string(), suggestion: z.string() });

/**
 * Judges what a user typed. Where the expectation names a format, the code decides `valid`, and no model can
 * change it; the model words `reason` and `suggestion` in the language of the input. A format that is kept
 * settles `valid` unless the expectation sets a further condition ("не раньше завтра"): then the model decides.
 *
 * Fallback: the code's verdict with fixed words, Russian or English; a date that is easily worked out ("завтра в
 * 3 дня") is in the suggestion. Where the code has no verdict: `valid: true`, because a bot whose model is away
 * must go on as a bot without one does; an empty input is never valid then.
 * @throws BotllmError `INVALID_REQUEST` for an input or expectation that is no text, an empty expectation, or a
 *   `now` that is no date
 */
export function smartValidateInput({
  userInput,
  expectation,
  now,
}: ValidationInput): PromptConfig<ValidationData> {
  if (typeof userInput !== 'string') throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('userInput'));
  if (typeof expectation !== 'string' || expectation.trim() === '') {
    throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('expectation'));
  }
  const day = now ?? new Date();
  if (!(day instanceof Date) || Number.isNaN(day.getTime())) {
    throw new BotllmError('INVALID_REQUEST', REFUSALS.notADate('now'));
  }
  const formats = expectedFormats(expectation);
  return ask({
    input: userInput,
    expectation,
    now: day,
    formats,
    spoken: spokenText(userInput, expectation),
    verdict: verdictOn(userInput, formats),
  });
}

/** The model's sentences, each as far as it can be shown. */
function wordsOf({ valid, reason, suggestion }: ValidateAnswer, fixed: Words, { spoken }: Asked): Words {
  const isFit = (text: string) =>
    text.trim() !== '' && text.length <= MAX_SENTENCE_CHARS && !isOtherLanguage(spoken, text);
  return {
    reason: isFit(reason) ? reason.trim() : fixed.reason,
    suggestion: isFit(suggestion) ? suggestion.trim() : valid ? '' : fixed.suggestion,
  };
}

/** The day and no time: what is asked twice on one day is asked in the same words, and the cache knows it. */
function dayOf(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const weekday = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'][
    now.getDay()
  ];
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}, ${weekday}`;
}
