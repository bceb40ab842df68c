import {
  type DatePattern,
  findDatePatterns,
  isRealDate,
  readDate,
  withoutDatePatterns,
} from './date-pattern.js';
import { findNamedFormats, holdsFormat, type NamedFormat } from './named-formats.js';
import { isWithin, type NumberRange, takeRange, toNumber } from './number-range.js';

/** What the code can say of an input by itself. */
export interface Verdict {
  valid: boolean;
  /** For an invalid input: written wrongly, impossible by the calendar, out of the range, or not there at all. */
  why?: 'shape' | 'calendar' | 'range' | 'blank';
}

/** The formats that an expectation names; an input must be in one of them. */
export interface ExpectedFormats {
  patterns: readonly DatePattern[];
  named: readonly NamedFormat[];
  range: NumberRange;
  /** It asks for more than a format, in words that only a reader understands. */
  hasFurtherConditions: boolean;
}

/** Words that set a condition beside the format. */
const CONDITION =
  /(?<!\p{L})(?:от|до|после|перед|не|между|только|кроме|минимум|максимум|раньше|позже|позднее|ранее|больше|меньше|более|менее|ближайш\p{L}*|будущ\p{L}*|прошл\p{L}*|прошедш\p{L}*|рабоч\p{L}*|будн\p{L}*|выходн\p{L}*|кратн\p{L}*|ч[её]тн\p{L}*|неч[её]тн\p{L}*|цифр\p{L}*|знак\p{L}*|символ\p{L}*|домен\p{L}*|корпоративн\p{L}*|начина\p{L}*|from|to|between|after|before|later|earlier|than|least|most|not|no|only|except|min|max|future|upcoming|past|next|working|business|weekdays?|weekends?|even|odd|multiple|digits?|characters?|domain|corporate|starts?|starting|ends?|ending)(?!\p{L})/iu;
/** Behind these stands something that is no part of the format: "имя и телефон". */
const JOINED = /(?<!\p{L})(?:и|а также|плюс|вместе|and|plus|with)(?!\p{L})|[+&;]/iu;
const DATE_AND_TIME =
  /(?:дат\p{L}*|день|дня|date|day)\s+(?:и|and|&|\+)\s+(?:врем\p{L}*|час\p{L}*|time|hour)/giu;

/**
 * The formats named in an expectation, or null where it names none, or where the format is only a part of
 * what is to be typed ("имя и телефон"): then only a reader can judge.
 */
export function expectedFormats(expectation: string): ExpectedFormats | null {
  const patterns = findDatePatterns(expectation);
  const words = withoutDatePatterns(expectation).replaceAll(DATE_AND_TIME, ' ');
  const isNumber = findNamedFormats(words).some(({ format }) => format === 'integer' || format === 'number');
  const { range, rest } = isNumber ? takeRange(words) : { range: {}, rest: words };
  // Beside a pattern `число` is a day of the month, and a kind of number beside the other is the same number.
  const named = isNumber && patterns.length > 0 ? [] : findNamedFormats(words);
  const first = Math.min(...named.map(({ text }) => rest.indexOf(text)).filter((index) => index >= 0));
  if (patterns.length === 0 && named.length === 0) return null;
  if (JOINED.test(rest) || (patterns.length === 0 && rest.slice(0, first).includes(','))) return null;
  const formats = named.map(({ format }) => format);
  return {
    patterns,
    named: formats.includes('integer') ? formats.filter((format) => format !== 'number') : formats,
    range,
    hasFurtherConditions: CONDITION.test(rest),
  };
}

/**
 * Whether an input is what was expected, where that is a matter of format. Null where it is not, and where the
 * format is right but the expectation asks for more ("дата не раньше завтра").
 */
export function verdictOn(input: string, formats: ExpectedFormats | null): Verdict | null {
  if (!formats) return null;
  const text = input.trim();
  if (text === '') return { valid: false, why: 'blank' };
  const found = [
    ...formats.patterns.map((pattern) => onPattern(pattern, text)),
    ...formats.named.map((format) => onNamed(format, text, formats.range)),
  ];
  if (found.some(({ valid }) => valid)) return formats.hasFurtherConditions ? null : { valid: true };
  return found.find(({ why }) => why !== 'shape') ?? { valid: false, why: 'shape' };
}

function onPattern(pattern: DatePattern, text: string): Verdict {
  const date = readDate(pattern, text);
  if (!date) return { valid: false, why: 'shape' };
  return isRealDate(date) ? { valid: true } : { valid: false, why: 'calendar' };
}

function onNamed(format: NamedFormat, text: string, range: NumberRange): Verdict {
  if (!holdsFormat(format, text)) return { valid: false, why: 'shape' };
  if (format !== 'integer' && format !== 'number') return { valid: true };
  return isWithin(toNumber(text), range) ? { valid: true } : { valid: false, why: 'range' };
}
