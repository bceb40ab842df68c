import { type DateParts, writeDate } from './formats/date-pattern.js';
import type { NumberRange } from './formats/number-range.js';
import { readRelative } from './formats/relative-date.js';
import type { ExpectedFormats, Verdict } from './formats/verdict.js';
import { isCyrillic } from './language.js';

/** What is said to the user without a model. */
export interface Words {
  reason: string;
  suggestion: string;
}

const SAY = {
  ru: {
    fits: 'Ввод подходит.',
    fitsNot: 'Ввод не подходит.',
    unchecked: 'Проверить не удалось, ввод принят как есть.',
    blank: 'Ничего не введено.',
    calendar: 'Такой даты или такого времени не бывает.',
    range: (limits: string) => `Число должно быть ${limits}.`,
    shape: {
      date: (pattern: string) => `Введено не в формате ${pattern}.`,
      email: 'Это не адрес электронной почты.',
      phone: 'Это не номер телефона.',
      url: 'Это не ссылка.',
      integer: 'Это не целое число.',
      number: 'Это не число.',
    },
    write: (value: string) => `Напишите так: ${value}`,
    example: (value: string) => `Например: ${value}`,
    needed: (expectation: string) => `Нужно: ${expectation}`,
    limits: { from: 'не меньше', above: 'больше', to: 'не больше', below: 'меньше', and: 'и' },
    phone: '+7 999 123-45-67',
  },
  en: {
    fits: 'The input fits.',
    fitsNot: 'The input does not fit.',
    unchecked: 'The input could not be checked and was taken as it is.',
    blank: 'Nothing was entered.',
    calendar: 'There is no such date or time.',
    range: (limits: string) => `The number must be ${limits}.`,
    shape: {
      date: (pattern: string) => `The input is not in the format ${pattern}.`,
      email: 'This is not an e-mail address.',
      phone: 'This is not a phone number.',
      url: 'This is not a link.',
      integer: 'This is not a whole number.',
      number: 'This is not a number.',
    },
    write: (value: string) => `Write it like this: ${value}`,
    example: (value: string) => `For example: ${value}`,
    needed: (expectation: string) => `Expected: ${expectation}`,
    limits: { from: 'at least', above: 'above', to: 'at most', below: 'below', and: 'and' },
    phone: '+1 202 555 0143',
  },
} as const;

/**
 * Whichever text shows the language to answer in: the input, unless it says nothing of it. "a@b" or "25.03"
 * against a Russian expectation was typed by somebody who reads Russian.
 */
export function spokenText(input: string, expectation: string): string {
  if (isCyrillic(input)) return input;
  const words = input.match(/(?<![\p{L}\p{N}@.])\p{L}{2,}(?![\p{N}@.]\p{L}|@)/gu) ?? [];
  const isSentence = words.length >= (isCyrillic(expectation) ? 2 : 1);
  return isSentence ? input : expectation;
}

export interface WordsQuestion {
  input: string;
  expectation: string;
  now: Date;
  formats: ExpectedFormats | null;
  /** The text whose language is answered in. */
  spoken: string;
}

/** Ours are Russian and English; everybody else gets English. */
function languageOf({ spoken }: WordsQuestion): keyof typeof SAY {
  return isCyrillic(spoken) ? 'ru' : 'en';
}

/** Fixed words for a verdict of the code. */
export function wordsFor(verdict: Verdict, question: WordsQuestion): Words {
  const say = SAY[languageOf(question)];
  if (verdict.valid) return { reason: say.fits, suggestion: '' };
  return { reason: reasonFor(verdict, question), suggestion: suggestionFor(question) };
}

/** Fixed words for a verdict of the model that it worded badly. */
export function wordsForModel(valid: boolean, question: WordsQuestion): Words {
  const say = SAY[languageOf(question)];
  if (valid) return { reason: say.fits, suggestion: '' };
  return { reason: say.fitsNot, suggestion: say.needed(question.expectation) };
}

/** Fixed words where neither the code nor a model could judge. */
export function wordsUnchecked(question: WordsQuestion): Words {
  return { reason: SAY[languageOf(question)].unchecked, suggestion: '' };
}

/** The input in the wanted format, where the code can work it out: "завтра в 3 дня" is `2025-03-05 15:00`. */
export function rightInput({ input, now, formats }: WordsQuestion): string | null {
  const [pattern] = formats?.patterns ?? [];
  return pattern ? writeDate(pattern, readRelative(input, now)) : null;
}

function reasonFor({ why }: Verdict, question: WordsQuestion): string {
  const { formats } = question;
  const say = SAY[languageOf(question)];
  if (why === 'blank') return say.blank;
  if (why === 'calendar') return say.calendar;
  if (why === 'range') return say.range(limitsOf(formats?.range ?? {}, say.limits));
  const [pattern] = formats?.patterns ?? [];
  const [named] = formats?.named ?? [];
  return pattern || !named ? say.shape.date(pattern?.text ?? '') : say.shape[named];
}

function suggestionFor(question: WordsQuestion): string {
  const { formats, now, expectation } = question;
  const say = SAY[languageOf(question)];
  const right = rightInput(question);
  if (right !== null) return say.write(right);
  const [pattern] = formats?.patterns ?? [];
  const [named] = formats?.named ?? [];
  if (pattern) return say.example(writeDate(pattern, afternoonOf(now)) ?? pattern.text);
  if (named === 'email') return say.example('name@example.com');
  if (named === 'phone') return say.example(say.phone);
  if (named === 'url') return say.example('https://example.com');
  if (named) return say.example(String(numberWithin(formats?.range ?? {}, named === 'integer')));
  return say.needed(expectation);
}

function afternoonOf(now: Date): DateParts {
  const [year, month, day] = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return { year, month, day, hour: 15, minute: 0, second: 0 };
}

function numberWithin({ min, max, aboveMin, belowMax }: NumberRange, whole: boolean): number {
  if (min !== undefined) return aboveMin ? Math.floor(min) + 1 : whole ? Math.ceil(min) : min;
  if (max !== undefined) return belowMax ? Math.ceil(max) - 1 : whole ? Math.floor(max) : max;
  return 5;
}

function limitsOf({ min, max, aboveMin, belowMax }: NumberRange, words: (typeof SAY)['ru' | 'en']['limits']) {
  const lower = min === undefined ? '' : `${aboveMin ? words.above : words.from} ${min}`;
  const upper = max === undefined ? '' : `${belowMax ? words.below : words.to} ${max}`;
  return [lower, upper].filter((part) => part !== '').join(` ${words.and} `);
}
