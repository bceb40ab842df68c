import { mcnemar } from '../bench/statistics/mcnemar.js';
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

export function nameOf({ model, way }: { model: string; way: string }): string {
  return `${model} / ${way}`;
}
