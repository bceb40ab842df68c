import { stripVTControlCharacters, styleText } from 'node:util';
import { say } from '../language.js';

type Format = Parameters<typeof styleText>[0];

/** How text may look on one stream: each stream is judged alone. */
export interface Style {
  paint(format: Format, text: string): string;
  /** `·` where the terminal knows it. */
  dot: string;
  mark: { ok: string; wait: string; warn: string; fail: string; skip: string };
  bar: { full: string; empty: string };
}

export interface StyleOptions {
  color: boolean;
  ascii: boolean;
}

export function createStyle({ color, ascii }: StyleOptions): Style {
  return {
    // Whether to colour was decided by wantsColor; styleText need not look at streams again.
    paint: (format, text) => (color ? styleText(format, text, { validateStream: false }) : text),
    dot: ascii ? '-' : '·',
    mark: ascii
      ? { ok: 'ok', wait: '..', warn: '!', fail: 'X', skip: '-' }
      : { ok: '✓', wait: '…', warn: '!', fail: '✗', skip: '·' },
    bar: ascii ? { full: '#', empty: '-' } : { full: '█', empty: '░' },
  };
}

export interface ColorQuestion {
  isTTY: boolean;
  env: Readonly<Record<string, string | undefined>>;
  noColorFlag: boolean;
}

/** FORCE_COLOR, NO_COLOR (no-color.org), TERM=dumb and `--no-color`, in the order that users expect. */
export function wantsColor({ isTTY, env, noColorFlag }: ColorQuestion): boolean {
  if (noColorFlag || env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTTY && env.TERM !== 'dumb';
}

/** Text of a model, a user or a log, safe for a terminal: no escape sequences, no control characters. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Bidi_Control}]/gu, (c) =>
    c === '\n' || c === '\t' ? c : '',
  );
}

/** Lines of `name  value`, aligned; a name is said in the reader's language. */
export function fields(
  rows: readonly (readonly [name: string, value: string | undefined])[],
  style: Style,
  named: (name: string) => string = say,
): string {
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [[named(name), value] as const]));
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${style.paint('dim', name.padEnd(width))}  ${value}`).join('\n');
}
