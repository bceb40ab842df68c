import type { Pooled } from '../report/schema-result.js';

const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/**
 * So many values a percentile needs before the highest of them is above it with 95 %: 1 − qⁿ ≥ 0.95 (order
 * statistics). With fewer, the sample does not bound it at all, and the highest value is the honest word.
 * @param share 0 < share < 1
 */
export function valuesNeeded(share: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(share));
}

/**
 * The percentiles that so many values can carry: each is the smallest value that at least such a share does not
 * exceed (nearest rank), so one that was measured.
 */
export function pooledOf(values: readonly number[]): Pooled {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return { n: 0 };
  const carried = Object.entries(SHARES).filter(([, share]) => sorted.length >= valuesNeeded(share));
  const percentiles = carried.map(([name, share]) => [name, sorted[Math.ceil(sorted.length * share) - 1]]);
  return { n: sorted.length, min, ...Object.fromEntries(percentiles), max };
}
