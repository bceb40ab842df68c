import { wilson } from '../bench/statistics/wilson.js';

/** A share with its 95 % interval. */
export interface Proportion {
  rate: number;
  /** Wilson's score interval. */
  ci95: [number, number];
  hits: number;
  n: number;
}

/** Counts the true ones among those that are not absent; a share of nothing is absent, not 0. */
export function share(values: readonly (boolean | undefined)[]): Proportion | undefined {
  const known = values.filter((value) => value !== undefined);
  const n = known.length;
  if (n === 0) return undefined;
  const hits = known.filter(Boolean).length;
  return { rate: hits / n, ci95: wilson(hits, n), hits, n };
}
