import Table from 'cli-table3';

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

/** The one table renderer: columns by display width, Cyrillic and emoji included. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const natural = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  natural.push([...head], ...rows.map((cells) => [...cells]));
  return natural
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
