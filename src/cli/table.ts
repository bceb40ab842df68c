import Table from 'cli-table3';
import { say } from '../language.js';
import { printable } from './style.js';

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** The one table renderer: columns by display width, Cyrillic and emoji included; heads in the reader's language. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const natural = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  natural.push(head.map(say), ...rows.map((cells) => [...cells]));
  return natural
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A hashed user is no longer, and stays whole: he is copied from here into other commands. */
const MAX_CELL = 66;

/** A name that anybody may have written into a store, as one column takes it. */
export function cell(name: string): string {
  const text = [...printable(name.slice(0, 4 * MAX_CELL)).replace(/[\n\t]/g, ' ')];
  return text.length <= MAX_CELL ? text.join('') : `${text.slice(0, MAX_CELL - 1).join('')}…`;
}
