import { median } from 'simple-statistics';

/** Fewer values than this in a half, and its median is a matter of luck. */
const LEAST_HALF = 5;
const TOLERANCE = 0.1;

/**
 * Whether the second half of a run differs from the first by more than a tenth (medians): heat, a cache that
 * fills, a leak. A run that drifts has no one value.
 * @param values in the order of time
 */
export function drifts(values: readonly number[]): boolean {
  const half = Math.floor(values.length / 2);
  if (half < LEAST_HALF) return false;
  const before = median(values.slice(0, half));
  const after = median(values.slice(-half));
  return Math.abs(after - before) > TOLERANCE * Math.abs(before);
}
