/**
 * McNemar's exact test of two ways on the same cases: only the cases where they disagree tell, and if the ways
 * were equal each of those would be a coin toss. Two-sided.
 * @param onlyA cases that the first got right and the second did not
 * @param onlyB the other way round
 * @returns p, 0 to 1
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const tosses = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  // In logarithms: 2⁻ⁿ is 0 for a computer long before a quality set ends.
  let logTerm = -tosses * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((tosses - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
