/**
 * Chance that a request waits no longer than `waitMs` before one server that takes exactly `serviceMs` (M/D/1;
 * Erlang 1909, in Crommelin's form): (1 − ρ) Σ e^(λ(t−kD)) (−λ(t−kD))^k / k!, k from 0 to ⌊t/D⌋.
 */
export function waitsAtMost(waitMs: number, perMs: number, serviceMs: number): number {
  const load = perMs * serviceMs;
  if (load >= 1) return 0;
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= Math.floor(waitMs / serviceMs); k += 1) {
    if (k > 0) factorial *= k;
    const x = perMs * (waitMs - k * serviceMs);
    sum += (Math.exp(x) * (-x) ** k) / factorial;
  }
  return (1 - load) * sum;
}

/** The highest rate, per second, at which a share of the answers takes no longer than `withinMs`. */
export function trueRate(serviceMs: number, withinMs: number, share: number): number {
  let [low, high] = [0, 1 / serviceMs];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (waitsAtMost(withinMs - serviceMs, middle, serviceMs) >= share) low = middle;
    else high = middle;
  }
  return low * 1000;
}

/** One server, first come first served, each request of the same length: Lindley's recursion. */
export function oneServer(arrivals: readonly number[], serviceMs: number): number[] {
  let freeAt = 0;
  return arrivals.map((at) => {
    freeAt = Math.max(freeAt, at) + serviceMs;
    return freeAt - at;
  });
}
