/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * The 95 % score interval of a share (Wilson 1927): keeps inside 0 to 1, and holds for few cases and for shares
 * near an end, where the usual one does not.
 * @throws RangeError when `good` is not among `of`, or `of` is 0
 */
export function wilson(good: number, of: number): [number, number] {
  if (!(of > 0 && good >= 0 && good <= of)) throw new RangeError('a share is of one case or more');
  const share = good / of;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
