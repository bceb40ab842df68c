/** Scripts whose writers would not take an answer in another for one in their language. */
const SCRIPTS = [
  /\p{Script=Cyrillic}/gu,
  /\p{Script=Arabic}/gu,
  /\p{Script=Hebrew}/gu,
  /\p{Script=Greek}/gu,
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  /\p{Script=Hangul}/gu,
  /\p{Script=Thai}/gu,
  /\p{Script=Devanagari}/gu,
  /\p{Script=Georgian}/gu,
  /\p{Script=Armenian}/gu,
  // The last: a Russian sentence with a brand's name in it is Russian.
  /\p{Script=Latin}/gu,
] as const;
/** Fewer letters are a name, an abbreviation, an "OK", in any language. */
const ENOUGH_LETTERS = 12;

/**
 * True when an answer holds no letter of the script that the text is written in. Coarse on purpose: it tells
 * Russian from English, the mistake that small models make, and never refuses what a person would understand.
 */
export function isOtherLanguage(text: string, answer: string): boolean {
  const script = SCRIPTS.find((pattern) => count(text, pattern) > 0);
  if (script === undefined || count(answer, script) > 0) return false;
  // An address, a link or a code is in no language.
  const words = answer.split(/\s+/).filter((word) => !/[\p{L}\p{N}][@./:_][\p{L}\p{N}/]/u.test(word));
  return count(words.join(' '), /\p{L}/gu) >= ENOUGH_LETTERS;
}

export function isCyrillic(text: string): boolean {
  return /\p{Script=Cyrillic}/u.test(text);
}

/** The language of a text as the model is told it. Small models answer in English unless they are told. */
export function languageFor(text: string): string {
  const letters = text.match(/\p{Script=Cyrillic}/gu) ?? [];
  // Letters that Russian has not belong to one of its neighbours.
  const isRussian = letters.length > 0 && letters.every((letter) => /[а-яё]/iu.test(letter));
  return isRussian ? 'Russian' : 'the language of the text';
}

/** The solved cases in the order of the least pull: a small model follows the last one, its language included. */
export function sameLanguageLast<Example extends { user: string }>(
  text: string,
  examples: readonly Example[],
): Example[] {
  const isLast = isCyrillic(text);
  return [...examples].sort(
    (a, b) => Number(isCyrillic(a.user) === isLast) - Number(isCyrillic(b.user) === isLast),
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
