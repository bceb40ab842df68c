import { seeded } from '../bench/statistics/random.js';
import type { GradedAnswer } from './answers.js';

/** The one figure of a model: the mean of the tasks' usable shares, so that no task weighs by its number of cases. */
export interface Headline {
  rate: number;
  /** 95 %, percentiles of bootstrap samples drawn within tasks. */
  ci95: [number, number];
  n: number;
}

const SAMPLES = 2_000;

export function headline(answers: readonly GradedAnswer[], seed: number): Headline | undefined {
  if (answers.length === 0) return undefined;
  const byTask = new Map<string, boolean[]>();
  for (const { task, usable } of answers) byTask.set(task, [...(byTask.get(task) ?? []), usable]);
  const groups = [...byTask.values()];
  const random = seeded(seed);
  const draw = (group: readonly boolean[]) => {
    let hits = 0;
    for (let i = 0; i < group.length; i += 1) if (group[Math.floor(random() * group.length)]) hits += 1;
    return hits / group.length;
  };
  const means = Array.from({ length: SAMPLES }, () => mean(groups.map(draw))).sort((a, b) => a - b);
  const at = (quantile: number) => means[Math.min(SAMPLES - 1, Math.floor(quantile * SAMPLES))] ?? 0;
  const rate = mean(groups.map((group) => group.filter(Boolean).length / group.length));
  return { rate, ci95: [at(0.025), at(0.975)], n: answers.length };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
