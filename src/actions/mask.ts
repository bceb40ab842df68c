import type { Mark, Piece } from './markup.js';
import { MARKS } from './messages.js';

const MASK = /\{\{([#/=])(\d+)\}\}/g;
const SIGN = { open: '#', close: '/', alone: '=' } as const;

/**
 * A template as the model is to see it: words as their reader sees them, each mark as a placeholder of its own,
 * which the task keeps like any other. So no answer can break the markup.
 * @throws Error where the words themselves have something that looks like such a placeholder
 */
export function mask(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if (!('words' in piece)) return maskOf(piece);
      if (piece.words.search(MASK) >= 0) throw new Error(MARKS.looksLikeMark);
      return piece.words;
    })
    .join('');
}

/**
 * The pieces of an answer, its marks put back.
 * @throws Error with a reason that the model can read, when a mark is lost, doubled or in another's place
 */
export function unmask(answer: string, original: readonly Piece[]): Piece[] {
  const marks = new Map(original.filter(isMark).map((mark) => [maskOf(mark), mark]));
  const pieces: Piece[] = [];
  let from = 0;
  const say = (words: string) => {
    if (words !== '') pieces.push({ words });
  };
  for (const found of answer.matchAll(MASK)) {
    const mark = marks.get(found[0]);
    if (!mark) throw new Error(MARKS.markMoved(found[0]));
    marks.delete(found[0]);
    say(answer.slice(from, found.index));
    pieces.push(mark);
    from = found.index + found[0].length;
  }
  say(answer.slice(from));
  const [lost] = marks.keys();
  if (lost !== undefined) throw new Error(MARKS.markMoved(lost));
  checkNesting(pieces, parentsOf(original));
  return pieces;
}

function checkNesting(pieces: readonly Piece[], parents: ReadonlyMap<number, number | undefined>): void {
  const open: { mark: Mark; from: number }[] = [];
  pieces.forEach((piece, index) => {
    if (!isMark(piece)) return;
    const top = open.at(-1);
    if (piece.side === 'close') {
      const isEmpty = pieces.slice((top?.from ?? 0) + 1, index).every((inner) => textOf(inner).trim() === '');
      if (top?.mark.pair !== piece.pair || isEmpty) throw new Error(MARKS.markMoved(maskOf(piece)));
      open.pop();
      return;
    }
    if (parents.get(piece.pair) !== top?.mark.pair) throw new Error(MARKS.markMoved(maskOf(piece)));
    if (piece.side === 'open') open.push({ mark: piece, from: index });
    else if (piece.raw === '>' && !startsLine(pieces[index - 1])) {
      throw new Error(MARKS.markMoved(maskOf(piece)));
    }
  });
}

/** Which pair stands directly around each. */
function parentsOf(pieces: readonly Piece[]): Map<number, number | undefined> {
  const parents = new Map<number, number | undefined>();
  const open: number[] = [];
  for (const piece of pieces.filter(isMark)) {
    if (piece.side === 'close') open.pop();
    else parents.set(piece.pair, open.at(-1));
    if (piece.side === 'open') open.push(piece.pair);
  }
  return parents;
}

/** A quotation's mark is one at the beginning of a line only. */
function startsLine(before: Piece | undefined): boolean {
  return before === undefined || ('words' in before && before.words.endsWith('\n'));
}

function textOf(piece: Piece): string {
  return 'words' in piece ? piece.words : piece.side === 'alone' ? piece.raw : '';
}

function isMark(piece: Piece): piece is Mark {
  return !('words' in piece);
}

function maskOf({ side, pair }: Mark): string {
  return `{{${SIGN[side]}${pair + 1}}}`;
}
