import type { Found, Syntax } from './markup.js';

/** core.telegram.org/bots/api#markdownv2-style: these, and the backslash itself. */
const escaped = (plain: string) => plain.replace(/[_*[\]()~`>#+\-=|{}.!\\]/g, String.raw`\$&`);
const escapeCode = (plain: string) => plain.replace(/[`\\]/g, String.raw`\$&`);
const escapeAddress = (plain: string) => plain.replace(/[)\\]/g, String.raw`\$&`);

const CODE = /```(?:\\[\s\S]|(?!```)[^\\])*```|`(?!``)(?:\\[\s\S]|[^`\\])*`/y;
const EMOJI = /!\[(?:\\[\s\S]|[^\]\\])+\]\(tg:\/\/emoji\?id=\d+\)/y;
const LINK_END = /\](?:\((?:\\[\s\S]|[^)\\])*\))?/y;
const MARK = /__|\|\||[*_~]/y;

export const MARKDOWN_V2: Syntax = {
  escape: escaped,
  escapeMark: escapeAddress,
  // `_` beside `_` would be read as `__`; an empty bold entity keeps them apart, as Telegram advises.
  gap: (before, mark) => {
    const [first = ''] = mark;
    const meets = (first === '_' || first === '`') && before.endsWith(first);
    return meets && !/(?<!\\)\\(?:\\\\)*[_`]$/.test(before) ? '**' : '';
  },
  at(template, index, parent): Found {
    const match = (pattern: RegExp) => {
      pattern.lastIndex = index;
      return pattern.exec(template)?.[0];
    };
    const letter = template[index] ?? '';
    if (letter === '\\') {
      const code = template.codePointAt(index + 1);
      // Telegram lets any character of ASCII be escaped.
      const isEscape = code !== undefined && code > 0 && code < 127;
      return isEscape ? { size: 2, words: template[index + 1] ?? '' } : { size: 1, words: letter };
    }
    const code = match(CODE);
    if (code) return { size: code.length, fixed: escapeCode };
    const emoji = match(EMOJI);
    if (emoji) return { size: emoji.length, fixed: escaped };
    if (letter === ']' && parent?.name === '[') return { size: match(LINK_END)?.length ?? 1, close: true };
    if (letter === '[' && parent?.name !== '[') return { size: 1, open: { name: '[', raw: '[' } };
    // A line of a quotation.
    if (letter === '>' && !parent && (index === 0 || template[index - 1] === '\n')) {
      return { size: 1, fixed: escaped };
    }
    const mark = match(MARK);
    if (mark === undefined) return { size: 1, words: letter };
    if (parent?.name === mark) return { size: mark.length, close: true };
    return { size: mark.length, open: { name: mark, raw: mark } };
  },
};
