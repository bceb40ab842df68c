import { HTML } from './html.js';
import { MARKDOWN } from './markdown.js';
import { MARKDOWN_V2 } from './markdown-v2.js';
import type { Syntax } from './markup.js';

/** Telegram's parse modes, in its own spelling. */
export const PARSE_MODES = ['HTML', 'Markdown', 'MarkdownV2'] as const;
export type ParseMode = (typeof PARSE_MODES)[number];

const PLAIN: Syntax = {
  escape: (plain) => plain,
  escapeMark: (plain) => plain,
  gap: () => '',
  at: (template, index) => ({ size: 1, words: template[index] ?? '' }),
};

/** How texts are read and written; without a parse mode they are plain. */
export function syntaxOf(mode: ParseMode | undefined): Syntax {
  if (mode === undefined) return PLAIN;
  return { HTML, Markdown: MARKDOWN, MarkdownV2: MARKDOWN_V2 }[mode];
}
