import { median } from '../timing.js';
import type { Figures } from './workloads.js';

/** What a figure has to reach: a share of the oracle's (at least, at most), or a bound of its own. */
type Goal = { atLeast: number } | { atMost: number } | { bound: number };

/** The goals of the project, by the names that workloads.ts gives. */
const GOALS: Readonly<Record<string, Goal>> = {
  'ready, s': { atMost: 1.2 },
  prefill: { atLeast: 0.95 },
  decode: { atLeast: 0.95 },
  '4 clients': { atLeast: 0.92 },
  '8 clients': { atLeast: 0.92 },
  'schema, 1': { atLeast: 0.9 },
  'schema, 4': { atLeast: 0.88 },
  'schema, 8': { atLeast: 0.85 },
  // A template and a dozen words.
  'tail, tokens': { bound: 48 },
  'memory, MB': { atMost: 1.1 },
  'settle, s': { bound: 0.6 },
  'newcomer, s': { bound: 0.6 },
};

export interface Pair {
  embedded: Figures;
  oracle: Figures;
}

/** One line a figure: medians, their spread, the median of the pairs' ratios, the goal and whether it is met. */
export function report(pairs: readonly Pair[]): { lines: string[]; missed: string[] } {
  const names = Object.keys(GOALS).filter((name) =>
    pairs.some(({ embedded }) => embedded[name] !== undefined),
  );
  const rows = names.map((name) => row(name, pairs));
  const head = ['', 'embedded', '(min … max)', 'oracle', '(min … max)', 'ratio', 'goal', ''];
  const table = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, i) => Math.max(...table.map((cells) => cells[i]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return { lines, missed: rows.filter(({ met }) => !met).map(({ name }) => name) };
}

function row(name: string, pairs: readonly Pair[]) {
  const present = (n: number | undefined): n is number => n !== undefined;
  const ours = pairs.map(({ embedded }) => embedded[name]).filter(present);
  const theirs = pairs.map(({ oracle }) => oracle[name]).filter(present);
  const ratio = median(pairs.map(({ embedded, oracle }) => (embedded[name] ?? NaN) / (oracle[name] ?? NaN)));
  const goal = GOALS[name] ?? { bound: Number.POSITIVE_INFINITY };
  const [text, met] =
    'atLeast' in goal
      ? [`≥ ${goal.atLeast}`, ratio >= goal.atLeast]
      : 'atMost' in goal
        ? [`≤ ${goal.atMost}`, ratio <= goal.atMost]
        : [`${goal.bound} or less`, median(ours) <= goal.bound];
  const cells = [name, show(median(ours)), spread(ours), show(median(theirs)), spread(theirs)];
  return { name, met, cells: [...cells, ratio.toFixed(2), text, met ? 'met' : 'MISSED'] };
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function spread(values: readonly number[]): string {
  return `(${show(Math.min(...values))} … ${show(Math.max(...values))})`;
}
