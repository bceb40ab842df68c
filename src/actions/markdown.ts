import type { Found, Syntax } from './markup.js';

const SPECIAL = /[_*`[]/g;
const escaped = (plain: string) => plain.replace(SPECIAL, String.raw`\$&`);

const CODE = /```[\s\S]*?```|`(?!``)[^`]*`/y;
const LINK = /\[[^\]]*\]\([^)]*\)/y;
const LINK_END = /\]\([^)]*\)/y;

/**
 * Telegram's first Markdown: entities cannot be nested, and nothing can be escaped inside one; a letter that would
 * end it is put between its end and its beginning anew.
 */
export const MARKDOWN: Syntax = {
  escape: escaped,
  escapeMark: (plain) => plain.replaceAll(')', '%29'),
  // A backslash cannot be escaped: before a mark it would make a letter of it, were there no joiner between them.
  gap: (before, mark, side) => {
    const isEscape = side !== 'close' && before.endsWith('\\');
    return isEscape || (before.endsWith('`') && mark.startsWith('`')) ? '\u2060' : '';
  },
  at(template, index, parent): Found {
    const letter = template[index] ?? '';
    if (parent) {
      if (letter !== parent.name) return { size: 1, words: letter };
      return { size: letter === ']' ? sizeOf(LINK_END, template, index) : 1, close: true };
    }
    const next = template[index + 1] ?? '';
    if (letter === '\\' && next !== '' && '_*`['.includes(next)) return { size: 2, words: next };
    const code = sizeOf(CODE, template, index);
    if (code > 0) return { size: code, fixed: stepOut(template.startsWith('```', index) ? '```' : '`') };
    if (sizeOf(LINK, template, index) > 0) return { size: 1, open: { name: ']', raw: '[', inside } };
    if (letter === '_' || letter === '*') return { size: 1, open: { name: letter, raw: letter, inside } };
    return { size: 1, words: letter };
  },
};

function inside(opening: string, closing: string) {
  const end = closing[0] ?? '';
  // Outside of an entity `]` needs no backslash.
  const letter = end === ']' ? end : `\\${end}`;
  return (plain: string) => plain.replaceAll(end, `${closing}${letter}${opening}`);
}

function stepOut(fence: string) {
  const letters = [...fence].map((letter) => `\\${letter}`).join('');
  return (plain: string) => plain.replaceAll(fence, `${fence}${letters}${fence}`);
}

function sizeOf(pattern: RegExp, template: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.exec(template)?.[0].length ?? 0;
}
