/** Limits of a number as an expectation names them. */
export interface NumberRange {
  min?: number;
  max?: number;
  /** True: the limit itself is outside. */
  aboveMin?: boolean;
  belowMax?: boolean;
}

// "до 4 цифр" limits the writing, not the value.
const NUMBER = String.raw`([-−]?\d+(?:[.,]\d+)?)(?![\d.,]*\d)(?!\s*(?:цифр|знак|символ|разряд|digit|char))`;
const word = (words: string) => String.raw`(?<!\p{L})(?:${words})\s*`;

type Reading = [pattern: RegExp, read: (first: number, second: number) => NumberRange];

/** From the longest phrase to the shortest: "не меньше" holds "меньше". */
const READINGS: readonly Reading[] = [
  [
    new RegExp(`${word('от|с|from|between|между')}${NUMBER}\\s*(?:до|по|и|to|and|-|–|—)\\s*${NUMBER}`, 'iu'),
    (min, max) => ({ min, max }),
  ],
  [/(?<![\d.,-])(\d+)\s*[-–—]\s*(\d+)(?!\d)/u, (min, max) => ({ min, max })],
  [
    new RegExp(
      `${word('от|не меньше|не менее|минимум|at least|no less than|minimum|min|>=|≥')}${NUMBER}`,
      'iu',
    ),
    (min) => ({ min }),
  ],
  [
    new RegExp(
      `${word('до|не больше|не более|максимум|at most|up to|no more than|maximum|max|<=|≤')}${NUMBER}`,
      'iu',
    ),
    (max) => ({ max }),
  ],
  [
    new RegExp(`${word('больше|более|выше|greater than|more than|above|over|>')}${NUMBER}`, 'iu'),
    (min) => ({ min, aboveMin: true }),
  ],
  [
    new RegExp(`${word('меньше|менее|ниже|less than|below|under|<')}${NUMBER}`, 'iu'),
    (max) => ({ max, belowMax: true }),
  ],
  [/(?<!\p{L})(?:неотрицательн\p{L}*|non-?negative)/iu, () => ({ min: 0 })],
  [/(?<!\p{L})(?:натуральн\p{L}*|natural)/iu, () => ({ min: 1 })],
  [/(?<!\p{L})(?:положительн\p{L}*|positive)/iu, () => ({ min: 0, aboveMin: true })],
];

/** The limits in an expectation, and the expectation without the words that named them. */
export function takeRange(expectation: string): { range: NumberRange; rest: string } {
  let range: NumberRange = {};
  let rest = expectation;
  for (const [pattern, read] of READINGS) {
    const match = pattern.exec(rest);
    if (!match) continue;
    range = { ...read(toNumber(match[1]), toNumber(match[2])), ...range };
    rest = rest.slice(0, match.index) + rest.slice(match.index + match[0].length);
  }
  return { range, rest };
}

export function isWithin(value: number, { min, max, aboveMin, belowMax }: NumberRange): boolean {
  if (min !== undefined && (aboveMin ? value <= min : value < min)) return false;
  return max === undefined || (belowMax ? value < max : value <= max);
}

/** A number as people write it: a comma for the point, spaces between thousands, a typographic minus. */
export function toNumber(text: string | undefined): number {
  const plain = (text ?? '')
    .trim()
    .replace(/^−/, '-')
    .replace(',', '.')
    .replaceAll(/(?<=\d)[  ](?=\d{3})/g, '');
  return /^[+-]?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}
