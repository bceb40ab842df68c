import { errorFunction } from 'simple-statistics';
import { midranks } from './ranks.js';

/** Up to so many values in all the distribution is counted out; beyond, the normal one is as good. */
const EXACT_UP_TO = 50;

/**
 * The two-sided Mann–Whitney test: how likely two samples of the same thing would lie as far apart as these,
 * in ranks. Exact, with ties, for up to 50 values in all (every way to deal out the ranks is counted); beyond
 * that by the normal distribution with the correction for ties.
 * @returns p, 0 to 1; 1 where a sample is empty
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return 1;
  const ranks = midranks([...a, ...b]);
  const sum = total(ranks.slice(0, n));
  return n + m <= EXACT_UP_TO ? exact(ranks, n, sum) : byNormal(ranks, n, sum);
}

function exact(ranks: readonly number[], n: number, observed: number): number {
  // Ranks may be halves, so everything is counted double. ways[k][s]: how often k ranks sum to s.
  const doubled = ranks.map((rank) => Math.round(2 * rank));
  const most = total(doubled);
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  doubled.forEach((rank, seen) => {
    for (let k = Math.min(n, seen + 1); k > 0; k--) {
      const [into, from] = [ways[k] as Float64Array, ways[k - 1] as Float64Array];
      for (let s = most; s >= rank; s--) into[s] = (into[s] ?? 0) + (from[s - rank] ?? 0);
    }
  });
  const all = ways[n] as Float64Array;
  const middle = (n * most) / ranks.length;
  const distance = Math.abs(2 * observed - middle) - 1e-9;
  let [far, every] = [0, 0];
  all.forEach((count, s) => {
    every += count;
    if (Math.abs(s - middle) >= distance) far += count;
  });
  return Math.min(1, far / every);
}

function byNormal(ranks: readonly number[], n: number, observed: number): number {
  const size = ranks.length;
  const m = size - n;
  const counts = new Map<number, number>();
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  const ties = total([...counts.values()].map((count) => count ** 3 - count));
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)));
  if (variance <= 0) return 1;
  const distance = Math.max(0, Math.abs(observed - (n * (size + 1)) / 2) - 0.5);
  return Math.min(1, 1 - errorFunction(distance / Math.sqrt(2 * variance)));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
