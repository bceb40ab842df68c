import { mean, median, quantileSorted } from 'simple-statistics';
import type { Metric } from '../report/schema-result.js';
import { mannWhitney } from '../statistics/mann-whitney.js';
import { resampled, seeded } from '../statistics/random.js';

export type Verdict = 'faster' | 'slower' | '~';

export interface FigureChange {
  /** Means over the runs. */
  before: number;
  after: number;
  /** after / before. */
  ratio: number;
  /** Of the ratio, 95 %, by bootstrap; absent where a report has one run alone. */
  ci95?: [number, number];
  /** Mann–Whitney over the runs, two-sided. */
  p: number;
  verdict: Verdict;
  /** Why it says `~` whatever the figures are. */
  reason?: 'few_runs';
}

export interface BootstrapOptions {
  seed: number;
  resamples: number;
}

/** A difference that nobody feels is not called one, however sure it is. */
const LEAST_CHANGE = 0.02;
const SIGNIFICANT = 0.05;
/** With 3 runs against 3 the test cannot go below p = 0.1, with 4 it can (0.029). */
const LEAST_RUNS = 4;

/**
 * How a figure changed from one report to another. A verdict needs all three: the interval of the ratio leaves
 * out 1, the ranks of the runs differ with p ≤ 0.05, and the change is 2 % or more.
 * @param better which way is faster
 * @returns undefined when one of the two was not measured
 */
export function figureChange(
  before: Metric,
  after: Metric,
  better: 'lower' | 'higher',
  { seed, resamples }: BootstrapOptions = { seed: 42, resamples: 1_000 },
): FigureChange | undefined {
  if (before.runs.length === 0 || after.runs.length === 0) return undefined;
  const [from, to] = [mean(before.runs), mean(after.runs)];
  if (!(from > 0 && to > 0)) return undefined;
  const ratio = to / from;
  const p = mannWhitney(before.runs, after.runs);
  const base = { before: from, after: to, ratio, p };
  const runs = Math.min(before.runs.length, after.runs.length);
  if (runs < 2) return { ...base, verdict: '~', reason: 'few_runs' };
  const ci95 = ratioInterval(before, after, seeded(seed), resamples);
  if (runs < LEAST_RUNS) return { ...base, ci95, verdict: '~', reason: 'few_runs' };
  const isSure = p <= SIGNIFICANT && (ci95[0] > 1 || ci95[1] < 1);
  if (!isSure || Math.abs(ratio - 1) < LEAST_CHANGE) return { ...base, ci95, verdict: '~' };
  return { ...base, ci95, verdict: ratio < 1 === (better === 'lower') ? 'faster' : 'slower' };
}

/** Runs are drawn first, then the requests of each: both have their own luck. */
function ratioInterval(
  before: Metric,
  after: Metric,
  random: () => number,
  resamples: number,
): [number, number] {
  const ratios = Array.from({ length: resamples }, () => drawn(after, random) / drawn(before, random));
  ratios.sort((a, b) => a - b);
  return [quantileSorted(ratios, 0.025), quantileSorted(ratios, 0.975)];
}

function drawn({ runs, samples }: Metric, random: () => number): number {
  if (samples?.length !== runs.length) return mean(resampled(runs, random));
  return mean(resampled(samples, random).map((run) => median(resampled(run, random))));
}

/** How much slower at least, as a share: the near end of the interval. Negative where it may be faster. */
export function surelySlowerBy({ ci95 }: FigureChange, better: 'lower' | 'higher'): number | undefined {
  if (!ci95) return undefined;
  return better === 'lower' ? ci95[0] - 1 : 1 / ci95[1] - 1;
}
