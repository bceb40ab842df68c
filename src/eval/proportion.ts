/** A share with its 95 % interval. */
export interface Proportion {
  rate: number;
  /** Wilson's score interval. */
  ci95: [number, number];
  hits: number;
  n: number;
}

const Z = 1.959963984540054;

/**
 * Wilson's score interval (E. B. Wilson, 1927), which holds for small n and for shares near 0 and 1, where the usual
 * normal bar does not.
 * @returns undefined where nothing was counted: a share of nothing is absent, not 0
 */
export function proportion(hits: number, n: number): Proportion | undefined {
  if (n === 0) return undefined;
  const p = hits / n;
  const denominator = 1 + Z ** 2 / n;
  const centre = (p + Z ** 2 / (2 * n)) / denominator;
  const half = (Z / denominator) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  return { rate: p, ci95: [Math.max(0, centre - half), Math.min(1, centre + half)], hits, n };
}

/** Counts the true ones among those that are not absent. */
export function share(values: readonly (boolean | undefined)[]): Proportion | undefined {
  const known = values.filter((value) => value !== undefined);
  return proportion(known.filter(Boolean).length, known.length);
}
