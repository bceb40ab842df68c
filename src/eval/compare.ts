import type { Asked } from './report.js';
import type { TaskName } from './set/cases.js';

/** Two rows on the same cases. */
export interface Comparison {
  task: TaskName;
  /** `model / way`. */
  one: string;
  other: string;
  /** Cases that both answered. */
  n: number;
  /** Right in `one` alone, and in `other` alone: only these tell the two apart. */
  onlyOne: number;
  onlyOther: number;
  /** Exact McNemar, two-sided. */
  p: number;
  verdict: 'better' | 'worse' | '~';
}

const SIGNIFICANT = 0.05;

/** Every pair of rows that were asked the same: what `one` is against `other`. */
export function compareRows(rows: readonly Asked[]): Comparison[] {
  const models = rows.filter(({ control }) => !control);
  const found: Comparison[] = [];
  for (const [at, one] of models.entries()) {
    for (const other of models.slice(at + 1)) found.push(...comparePair(one, other));
  }
  return found;
}

function comparePair(one: Asked, other: Asked): Comparison[] {
  const tasks = new Set(one.answers.map(({ task }) => task));
  return [...tasks].flatMap((task) => {
    const theirs = new Map(other.answers.filter((a) => a.task === task).map(({ id, right }) => [id, right]));
    const pairs = one.answers.flatMap(({ id, task: mine, right }) => {
      const their = theirs.get(id);
      return mine === task && their !== undefined ? [{ right, their }] : [];
    });
    if (pairs.length === 0) return [];
    const onlyOne = pairs.filter(({ right, their }) => right && !their).length;
    const onlyOther = pairs.filter(({ right, their }) => !right && their).length;
    const p = mcnemar(onlyOne, onlyOther);
    const verdict = p >= SIGNIFICANT ? '~' : onlyOne > onlyOther ? 'better' : 'worse';
    return [
      { task, one: nameOf(one), other: nameOf(other), n: pairs.length, onlyOne, onlyOther, p, verdict },
    ];
  });
}

/** Exact: the discordant pairs fall to either side like a fair coin (Q. McNemar, 1947; binomial, two-sided). */
export function mcnemar(onlyOne: number, onlyOther: number): number {
  const n = onlyOne + onlyOther;
  if (n === 0) return 1;
  const least = Math.min(onlyOne, onlyOther);
  // In logarithms: 2^-n is nothing in floating point long before n is large.
  let term = -n * Math.LN2;
  let tail = Math.exp(term);
  for (let k = 1; k <= least; k += 1) {
    term += Math.log((n - k + 1) / k);
    tail += Math.exp(term);
  }
  return Math.min(1, 2 * tail);
}

export function nameOf({ model, way }: { model: string; way: string }): string {
  return `${model} / ${way}`;
}
