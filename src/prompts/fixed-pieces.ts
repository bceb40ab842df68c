/**
 * Template pieces, and braces that stand alone: a lone `{{` would make a placeholder out of what follows. Taking
 * these along also keeps the search from starting anew at each brace of a long run.
 */
const PLACEHOLDER = /\{+[^{}]*\}+|\{+|\}+/g;

/** Domains end in Latin letters, in punycode, or in one of these; "готово.Спасибо" is a lost space. */
const CYRILLIC_ENDS = 'рф|рус|онлайн|сайт|москва|дети|орг|ком|бел|укр|қаз|срб|мкд|мон|бг|ею';
const LINK = new RegExp(
  [
    // A scheme.
    '[a-z][a-z0-9+.-]{1,20}:\\/\\/[^\\s<>"]+',
    '(?<![\\p{L}\\p{N}])(?:mailto|tel|tg|sms|javascript|data):[^\\s<>"]+',
    // A domain, with or without a path behind it; t.me and www. are two of them. The count of labels is bounded,
    // because a text of "a.a.a.…" would be searched anew from each of its letters.
    `(?<![\\p{L}\\p{N}@_-])(?:[\\p{L}\\p{N}_-]{1,63}\\.){1,10}(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}|${CYRILLIC_ENDS})(?![\\p{L}\\p{N}_])(?:[/?#:][^\\s<>"]*)?`,
    // An address by its number.
    '(?<![\\d.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\d.])(?:[/?#:][^\\s<>"]*)?',
  ].join('|'),
  'giu',
);
const MENTION = /@[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu;
/** Written as a link on purpose; a bare domain may be a slip of the space bar. */
const EXPLICIT = /^(?:[a-z][a-z0-9+.-]*:|www\.)/;

/** Every `{{placeholder}}` of a text, letter by letter, and every lone brace. */
export function placeholdersIn(text: string): string[] {
  return text.match(PLACEHOLDER) ?? [];
}

/** The text around them: a placeholder's name is in no language. */
export function withoutPlaceholders(text: string): string {
  return text.replaceAll(PLACEHOLDER, ' ');
}

/** Every link in a text: with a scheme, as a domain, as an address. Look-alikes of dots are read as dots. */
export function linksIn(text: string): string[] {
  return (plain(text).match(LINK) ?? []).map((link) => link.replace(/[.,;:!?)\]}»"'…]+$/u, ''));
}

/** Every `@name` in a text, those of e-mail addresses included. */
export function mentionsIn(text: string): string[] {
  return plain(text).match(MENTION) ?? [];
}

export function isExplicitLink(link: string): boolean {
  return EXPLICIT.test(link);
}

/** What `these` has more of than `those`, each as often as it is too many. */
export function surplus(these: readonly string[], those: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const piece of those) left.set(piece, (left.get(piece) ?? 0) + 1);
  return these.filter((piece) => {
    const count = left.get(piece) ?? 0;
    left.set(piece, count - 1);
    return count <= 0;
  });
}

/** As a browser or a messenger would read it: full-width letters and dots folded, what is invisible left out. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll('。', '.')
    .replaceAll(PLACEHOLDER, 'x')
    .toLowerCase();
}
