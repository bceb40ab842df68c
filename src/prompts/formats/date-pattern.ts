/** A point in time as a pattern names it; what is absent was not said. */
export interface DateParts {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
}
type Field = keyof DateParts;

/** A way to write a date, a time or both, as an expectation names it: `YYYY-MM-DD HH:MM`, `ДД.ММ.ГГГГ`. */
export interface DatePattern {
  /** As it stands in the expectation. */
  text: string;
  /** Fields and what stands between them, in turn. */
  parts: readonly ({ field: Field; width: number } | { between: string })[];
}

const FIELD = '(?:[YyГг]{4}|[YyГг]{2}|[MmМм]{1,2}|[DdДд]{1,2}|[HhЧч]{1,2}|[SsСс]{1,2})';
// Behind a space one letter is a word (`с`, `г`, `ч`), unless it is an hour: `D.M.YYYY H:MM`.
const WIDE_FIELD = '(?:[YyГг]{4}|[YyГг]{2}|[MmМм]{2}|[DdДд]{2}|[HhЧч]{2}|[HhЧч](?=:)|[SsСс]{2})';
const PATTERN = new RegExp(
  `(?<![\\p{L}\\p{N}])${FIELD}(?:[-./:]${FIELD}|(?:T|, ?| T | )${WIDE_FIELD})+`,
  'gu',
);
/** What makes of a pattern something else: an offset, a half of the day, a further field. */
const GOES_ON = /^(?:[\p{L}\p{N}+±%]|[-./:][\p{L}\p{N}]| ?(?:[ap]\.?m\b|AM|PM|Z\b|[+±]))/iu;
const STRFTIME: Readonly<Record<string, string>> = {
  Y: 'YYYY',
  y: 'YY',
  m: 'MM',
  d: 'DD',
  H: 'HH',
  M: 'mm',
  S: 'SS',
};

/** The patterns that a text names, in Latin, in Cyrillic or in strftime's letters. */
export function findDatePatterns(expectation: string): DatePattern[] {
  const plain = withoutStrftime(expectation);
  return [...plain.matchAll(PATTERN)]
    .filter((match) => !GOES_ON.test(plain.slice(match.index + match[0].length)))
    .map(([text]) => ({ text, parts: partsOf(text) }))
    .filter(isDateOrTime);
}

/** The same text without its patterns, for whoever looks for words. */
export function withoutDatePatterns(expectation: string): string {
  return withoutStrftime(expectation).replaceAll(PATTERN, ' ');
}

function withoutStrftime(text: string): string {
  return text.replaceAll(/%([YymdHMS])/g, (whole, letter: string) => STRFTIME[letter] ?? whole);
}

function partsOf(text: string): DatePattern['parts'] {
  const seen = new Set<Field>();
  return (text.match(/([A-SU-Za-zГгМмДдЧчСс])\1*|[^A-SU-Za-zГгМмДдЧчСс]+/gu) ?? []).map((piece) => {
    const field = fieldOf(piece.charAt(0), seen);
    if (!field) return { between: piece };
    seen.add(field);
    return { field, width: piece.length };
  });
}

function fieldOf(letter: string, seen: ReadonlySet<Field>): Field | null {
  if (/[YyГг]/.test(letter)) return 'year';
  if (/[DdДд]/.test(letter)) return 'day';
  if (/[HhЧч]/.test(letter)) return 'hour';
  if (/[SsСс]/.test(letter)) return 'second';
  // One letter for two things: behind an hour it is the minute.
  if (/[MmМм]/.test(letter)) return seen.has('hour') && !seen.has('minute') ? 'minute' : 'month';
  return null;
}

/** `мм/с` is a speed. */
function isDateOrTime({ parts }: DatePattern): boolean {
  const fields = parts.flatMap((part) => ('field' in part ? [part.field] : []));
  const has = (...names: Field[]) => names.every((name) => fields.includes(name));
  const once = new Set(fields).size === fields.length;
  return once && (has('day', 'month') || has('year', 'month') || has('hour', 'minute'));
}

/** What a text says in this pattern: its parts, or null where it is written in another way. */
export function readDate({ parts }: DatePattern, text: string): DateParts | null {
  const source = parts.map((part) => {
    if ('between' in part) return /^\s+$/.test(part.between) ? '\\s+' : escapeRegExp(part.between);
    return `(?<${part.field}>\\d{${part.width === 1 ? '1,2' : part.width}})`;
  });
  const groups = new RegExp(`^${source.join('')}$`, 'u').exec(text)?.groups;
  return groups
    ? Object.fromEntries(Object.entries(groups).map(([name, digits]) => [name, Number(digits)]))
    : null;
}

/** The parts in this pattern, or null when one is missing. */
export function writeDate({ parts }: DatePattern, date: DateParts): string | null {
  let text = '';
  for (const part of parts) {
    if ('between' in part) text += part.between;
    else {
      const value = date[part.field];
      if (value === undefined) return null;
      text += String(part.field === 'year' && part.width === 2 ? value % 100 : value).padStart(
        part.width,
        '0',
      );
    }
  }
  return text;
}

/** True for a day that the calendar has and a time that the clock shows. */
export function isRealDate({ year, month, day, hour = 0, minute = 0, second = 0 }: DateParts): boolean {
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (year === 0 || month === 0 || day === 0) return false;
  if (month !== undefined && month > 12) return false;
  // Without a year the 29th of February may be meant.
  return day === undefined || day <= daysIn(year ?? 2000, month ?? 1);
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
