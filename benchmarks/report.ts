import { machine, say } from './options.js';
import { median } from './timing.js';

/** What the median has to reach: a share of the peer's, a difference from it, or a bound of its own. */
export type Goal =
  | { ratioAtMost: number }
  | { ratioAtLeast: number }
  | { addedAtMost: number }
  | { atMost: number }
  | { atLeast: number };

/** One thing that was measured, a value a pair. */
export class Figure {
  readonly ours: number[] = [];
  readonly theirs: number[] = [];

  /**
   * @param name with its unit
   * @param peer whom it is compared with
   * @param goal without one the figure is only told
   */
  constructor(
    readonly name: string,
    readonly peer: string,
    readonly goal?: Goal,
  ) {}

  /** The values of one pair; a peer that has no such figure has no value. */
  add(ours: number, theirs?: number): void {
    this.ours.push(ours);
    if (theirs !== undefined) this.theirs.push(theirs);
  }

  /** The newest pair in a few words. */
  get newest(): string {
    const [ours, theirs] = [this.ours.at(-1) ?? Number.NaN, this.theirs.at(-1)];
    return `${this.name} ${show(ours)}${theirs === undefined ? '' : ` (${this.peer} ${show(theirs)})`}`;
  }
}

/** One line a figure: medians and their spread, the median of the pairs' ratios, the goal and whether it is met. */
export function report(title: string, figures: readonly Figure[], notes: readonly string[] = []): void {
  const rows = figures.map((figure) => ({ figure, ...verdict(figure) }));
  const head = ['', 'ours', '(min … max)', 'peer', '', '(min … max)', 'beside it', 'goal', ''];
  const table = [head, ...rows.map((row) => row.cells)];
  const widths = head.map((_, i) => Math.max(...table.map((cells) => cells[i]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const missed = rows.filter(({ met }) => met === false).map(({ figure }) => figure.name);
  const end = missed.length === 0 ? 'every goal is met' : `missed: ${missed.join('; ')}`;
  say([`\n${title} (medians; ${machine()})`, ...lines, ...notes, end].join('\n'));
}

function verdict({ name, ours, peer, theirs, goal }: Figure) {
  const own = median(ours);
  const ratio = median(ours.map((value, i) => value / (theirs[i] ?? Number.NaN)));
  const added = median(ours.map((value, i) => value - (theirs[i] ?? Number.NaN)));
  const [text, met] = judge(goal, { own, ratio, added });
  const compared = goal && 'addedAtMost' in goal ? `+ ${show(added)}` : `× ${show(ratio)}`;
  const theirCells = theirs.length === 0 ? ['', ''] : [show(median(theirs)), spread(theirs)];
  const cells = [
    name,
    show(own),
    spread(ours),
    theirs.length === 0 ? '' : peer,
    ...theirCells,
    theirs.length === 0 ? '' : compared,
    text,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
  return { met, cells };
}

interface Values {
  own: number;
  ratio: number;
  added: number;
}

function judge(goal: Goal | undefined, { own, ratio, added }: Values): [text: string, met?: boolean] {
  if (!goal) return [''];
  if ('ratioAtMost' in goal) return [`≤ × ${goal.ratioAtMost}`, ratio <= goal.ratioAtMost];
  if ('ratioAtLeast' in goal) return [`≥ × ${goal.ratioAtLeast}`, ratio >= goal.ratioAtLeast];
  if ('addedAtMost' in goal) return [`≤ + ${goal.addedAtMost}`, added <= goal.addedAtMost];
  if ('atMost' in goal) return [`≤ ${goal.atMost}`, own <= goal.atMost];
  return [`≥ ${goal.atLeast}`, own >= goal.atLeast];
}

function show(value: number): string {
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(size >= 1 ? 2 : 3);
}

function spread(values: readonly number[]): string {
  return `(${show(Math.min(...values))} … ${show(Math.max(...values))})`;
}
