/** Makes plain text safe for one place of a marked-up text. */
export type Escape = (plain: string) => string;

/** A mark that begins an entity, such as `<b>` or `*`. */
export interface Opening {
  /** Which closing ends it. */
  name: string;
  raw: string;
  /** How plain text is written inside it, where that differs. The closing mark is needed to step out of it. */
  inside?: (opening: string, closing: string) => Escape;
}

/** What stands at one place of a template. */
export type Found = { size: number } & (
  | { words: string }
  | { open: Opening }
  | { close: true }
  /** Stays letter by letter; only the variables in it are filled in, escaped like this. */
  | { fixed: Escape }
);

/** How a Telegram parse mode writes entities, and how it reads them. */
export interface Syntax {
  /** Always finds something: what is no mark is words. `parent` is the entity that is open there. */
  at(template: string, index: number, parent: Opening | undefined): Found;
  escape: Escape;
  /** For variables within a mark that begins or ends an entity: in its address, in its attributes. */
  escapeMark: Escape;
  /** What has to stand between this much text and the next mark, so that they stay apart. */
  gap(before: string, mark: string, side: Mark['side']): string;
}

/** Plain text as the reader of the message sees it, `{{placeholders}}` included. */
export interface Words {
  words: string;
}

/** A piece of markup: begins or ends pair number `pair`, or stands for itself. */
export interface Mark {
  raw: string;
  side: 'open' | 'close' | 'alone';
  pair: number;
  /** For variables in it. */
  escape: Escape;
  /** For words in its pair; `fill` puts the variables into a mark. */
  inside?: (fill: (mark: string) => string) => Escape;
}

export type Piece = Words | Mark;

/** `{{name}}`, `{{ user.name }}`: letters, digits, `_`, `.` and `-`, beginning with a letter or `_`. */
export const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_.-]*)\s*\}\}/gu;
/** A non-character of Unicode: never a letter of a text. */
const STAND_IN = '\ufdd0';
const VARIABLE_HERE = new RegExp(VARIABLE.source, 'uy');

/** A template with more marks than this that lead nowhere is read as words alone. */
const MAX_TRIES = 50;

/**
 * Reads a template the way that Telegram reads a message. It never fails: a mark without its other half is a letter
 * like any other, and is escaped when it is written.
 */
export function readTemplate(template: string, syntax: Syntax): Piece[] {
  const letters = new Set<number>();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const read = readOnce(template, syntax, letters);
    if ('pieces' in read) return read.pieces;
    letters.add(read.stray);
  }
  return [{ words: template }];
}

function readOnce(template: string, syntax: Syntax, letters: ReadonlySet<number>) {
  const pieces: Piece[] = [];
  const open: { mark: Mark; opening: Opening; at: number }[] = [];
  let pairs = 0;
  const say = (words: string) => {
    const last = pieces.at(-1);
    if (last && 'words' in last) last.words += words;
    else pieces.push({ words });
  };
  for (let index = 0; index < template.length; ) {
    VARIABLE_HERE.lastIndex = index;
    const variable = VARIABLE_HERE.exec(template)?.[0];
    const found: Found = variable
      ? { size: variable.length, words: variable }
      : letters.has(index)
        ? { size: 1, words: template[index] ?? '' }
        : syntax.at(template, index, open.at(-1)?.opening);
    const raw = template.slice(index, index + found.size);
    if ('words' in found) say(found.words);
    else if ('open' in found) {
      const mark: Mark = { raw, side: 'open', pair: pairs++, escape: syntax.escapeMark };
      pieces.push(mark);
      open.push({ mark, opening: found.open, at: index });
    } else if ('close' in found) {
      const begun = open.pop();
      // A closing mark that closes nothing.
      if (!begun) return { stray: index };
      const { inside } = begun.opening;
      if (inside) begun.mark.inside = (fill) => inside(fill(begun.mark.raw), fill(raw));
      pieces.push({ raw, side: 'close', pair: begun.mark.pair, escape: syntax.escapeMark });
    } else pieces.push({ raw, side: 'alone', pair: pairs++, escape: found.fixed });
    index += found.size;
  }
  const stray = open.at(-1)?.at;
  return stray === undefined ? { pieces } : { stray };
}

/** Writes pieces as a message; `value` gives a variable's text, or nothing where it has none. */
export function writeMessage(
  pieces: readonly Piece[],
  syntax: Syntax,
  value: (name: string) => string | undefined,
): string {
  const inside: Escape[] = [];
  let written = '';
  for (const piece of pieces) {
    const write = inside.at(-1) ?? syntax.escape;
    if ('words' in piece) {
      // Missing variables stay as they are; they are words, too.
      written += write(piece.words.replace(VARIABLE, (whole, name: string) => value(name) ?? whole));
      continue;
    }
    if (piece.side === 'close') inside.pop();
    const fill = (raw: string) =>
      raw.replace(VARIABLE, (whole, name: string) => {
        const text = value(name);
        return text === undefined ? whole : piece.escape(text);
      });
    const mark = fill(piece.raw);
    written += syntax.gap(written, mark, piece.side) + mark;
    if (piece.side === 'open') inside.push(piece.inside?.(fill) ?? write);
  }
  return written;
}

/** Writes pieces as a template again: everything escaped but its `{{variables}}`, which stay to be filled in. */
export function writeTemplate(pieces: readonly Piece[], syntax: Syntax): string {
  const variables: string[] = [];
  // One letter that no text has stands for each, so that the rest is escaped as it will be in the message.
  const marked = pieces.map((piece) =>
    'words' in piece
      ? {
          words: piece.words.replaceAll(STAND_IN, '').replace(VARIABLE, (variable) => {
            variables.push(variable);
            return STAND_IN;
          }),
        }
      : piece,
  );
  const written = writeMessage(marked, syntax, () => undefined);
  return written.replaceAll(STAND_IN, () => variables.shift() ?? '');
}
