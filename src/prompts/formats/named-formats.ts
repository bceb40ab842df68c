export type NamedFormat = 'email' | 'phone' | 'url' | 'integer' | 'number';

/** The words that name a format, in Russian and English. A more exact name comes before a looser one. */
const NAMES: readonly (readonly [NamedFormat, RegExp])[] = [
  [
    'email',
    /(?<!\p{L})(?:e-?mail\p{L}*|[еи]-?мейл\p{L}*|электронн\p{L}* (?:почт\p{L}*|адрес\p{L}*)|(?:адрес\p{L}* )?почтов\p{L}* ящик\p{L}*)/iu,
  ],
  [
    'phone',
    /(?<!\p{L})(?:(?:номер\p{L}* )?(?:мобильн\p{L}* )?телефон\p{L}*|(?:mobile |tele)?phone(?: number)?)(?!\p{L})/iu,
  ],
  [
    'url',
    /(?<!\p{L})(?:urls?|ссылк\p{L}*|веб-?адрес\p{L}*|адрес\p{L}* сайта|web (?:address|link)|hyperlink|link)(?!\p{L})/iu,
  ],
  ['integer', /(?<!\p{L})(?:(?:цел|натуральн)\p{L}* числ\p{L}*|integer|(?:whole|natural) number)(?!\p{L})/iu],
  // An order's or a card's number may well hold letters; a number by itself does not.
  [
    'number',
    /(?<!\p{L})(?:числ(?:о|ом|а|овое значение)|(?<=^\s*|(?:^|[\s,(])(?:an?|any|the|one|only|in|as|enter|positive|non-?negative|decimal|real) )number)(?!\p{L})/iu,
  ],
];
const NEGATED = /(?<!\p{L})(?:не|без|кроме|вместо|not|no|without|except|instead of)\s+(?:\p{L}+\s+){0,1}$/iu;

/** A format that a text names, and where. */
export interface Naming {
  format: NamedFormat;
  index: number;
  text: string;
}

/** The formats that an expectation names by a word; those that it rules out ("не телефон") are left out. */
export function findNamedFormats(expectation: string): Naming[] {
  const found: Naming[] = [];
  let rest = expectation;
  for (const [format, pattern] of NAMES) {
    const match = pattern.exec(rest);
    if (!match) continue;
    const { index, 0: text } = match;
    // Blanked, so that "phone number" is no number, and every index stays where it was.
    rest = rest.slice(0, index) + ' '.repeat(text.length) + rest.slice(index + text.length);
    if (!NEGATED.test(expectation.slice(0, index))) found.push({ format, index, text });
  }
  return found;
}

/** Longer than any of these can be. */
const MAX_CHARS = 2_048;

const HOLDS: Readonly<Record<NamedFormat, (text: string) => boolean>> = {
  email: (text) =>
    text.length <= 254 &&
    !/\.\.|^\.|\.@/.test(text) &&
    /^[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+(?:\p{L}{2,63}|xn--[a-z0-9-]{2,59})$/iu.test(
      text,
    ),
  phone: (text) => {
    const digits = text.replaceAll(/\D/g, '').length;
    // E.164 allows 15; the shortest numbers of a town have 5 to 7, of which 7 can be told from other numbers.
    return /^\+?[\d\s().-]+$/.test(text) && digits >= 7 && digits <= 15;
  },
  url: (text) => {
    if (/\s/.test(text) || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
    const { hostname } = new URL(text);
    return hostname.includes('.') || hostname.includes(':') || hostname === 'localhost';
  },
  integer: (text) => /^[+\-−]?(?:\d+|\d{1,3}(?:[  ]\d{3})+)$/u.test(text),
  number: (text) => /^[+\-−]?(?:\d+|\d{1,3}(?:[  ]\d{3})+)(?:[.,]\d+)?$/u.test(text),
};

export function holdsFormat(format: NamedFormat, text: string): boolean {
  return text.length <= MAX_CHARS && HOLDS[format](text);
}
