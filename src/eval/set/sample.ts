import { seeded } from '../../bench/statistics/random.js';
import type { EvalCase } from './cases.js';
import { shuffled } from './random.js';

/**
 * The first `limit` cases of an order that goes round: one of each group (language and right answer) at a time, in an
 * order that the seed decides. So a small sample holds what the whole holds, in about its shares, and is the beginning
 * of any larger one.
 * @param limit undefined: all of them
 */
export function sample<T extends EvalCase>(
  cases: readonly T[],
  limit: number | undefined,
  seed: number,
): T[] {
  const random = seeded(seed);
  const groups = new Map<string, T[]>();
  for (const one of shuffled(cases, random)) {
    const key = groupOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const order = shuffled(evened([...groups.values()]), random);
  const taken: T[] = [];
  for (let round = 0; taken.length < cases.length; round += 1) {
    for (const group of order) {
      const one = group[round];
      if (one !== undefined) taken.push(one);
    }
  }
  return taken.slice(0, limit);
}

/** A group four times as large as the smallest has four turns in a round. */
function evened<T>(groups: readonly T[][]): T[][] {
  const smallest = Math.min(...groups.map(({ length }) => length));
  return groups.flatMap((group) => {
    const turns = Math.max(1, Math.round(group.length / smallest));
    return Array.from({ length: turns }, (_, turn) => group.filter((_, at) => at % turns === turn));
  });
}

function groupOf(one: EvalCase): string {
  switch (one.task) {
    case 'intent':
      return `${one.lang} ${one.expected}`;
    case 'validate':
      return `${one.lang} ${one.valid} ${one.expectation}`;
    case 'hostile':
      return `${one.asked} ${one.kind}`;
    default:
      return one.lang;
  }
}
