import type { Found, Syntax } from './markup.js';

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const ATTRIBUTES = String.raw`(?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[\w.:/?=#%-]+))?)*`;
/** Their content is nobody's to reword. */
const CODE = new RegExp(
  `<code(?:${ATTRIBUTES})\\s*>[^<]*</code\\s*>|` +
    `<pre\\s*>(?:[^<]*|<code(?:${ATTRIBUTES})\\s*>[^<]*</code\\s*>)</pre\\s*>|` +
    `<tg-emoji(?:${ATTRIBUTES})\\s*>[^<]*</tg-emoji\\s*>`,
  'iy',
);
const OPENING = new RegExp(`<([a-z][a-z-]*)(${ATTRIBUTES})\\s*>`, 'iy');
const CLOSING = /<\/([a-z][a-z-]*)\s*>/iy;
const ENTITY = /&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-f]{1,6}));/iy;
/** core.telegram.org/bots/api#html-style */
const TAGS = /^(?:b|strong|i|em|u|ins|s|strike|del|tg-spoiler|a|code|pre|blockquote)$/;

const escaped = (plain: string) =>
  plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An attribute may stand between single quotes as well. */
const escapeAttribute = (plain: string) => escaped(plain).replaceAll("'", '&#39;');

export const HTML: Syntax = {
  escape: escaped,
  escapeMark: escapeAttribute,
  gap: () => '',
  at(template, index, parent): Found {
    const match = (pattern: RegExp) => {
      pattern.lastIndex = index;
      return pattern.exec(template);
    };
    const letter = template[index] ?? '';
    if (letter === '&') {
      const entity = match(ENTITY);
      return entity ? { size: entity[0].length, words: decoded(entity) } : { size: 1, words: letter };
    }
    if (letter !== '<') return { size: 1, words: letter };
    const code = match(CODE);
    if (code) return { size: code[0].length, fixed: escapeAttribute };
    const closing = match(CLOSING);
    if (closing && parent?.name === closing[1]?.toLowerCase())
      return { size: closing[0].length, close: true };
    const opening = match(OPENING);
    const name = opening?.[1]?.toLowerCase() ?? '';
    if (opening && (TAGS.test(name) || isSpoiler(name, opening[2]))) {
      return { size: opening[0].length, open: { name, raw: opening[0] } };
    }
    return { size: 1, words: letter };
  },
};

function isSpoiler(name: string, attributes = ''): boolean {
  return name === 'span' && /^\s+class\s*=\s*(["']?)tg-spoiler\1$/.test(attributes);
}

function decoded([whole, name, decimal, hex]: RegExpExecArray): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const isLetter = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return isLetter ? String.fromCodePoint(point) : whole;
}
