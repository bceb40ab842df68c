/** Milliseconds of each call, made one after another; sorted. */
export async function latencies(calls: number, call: (i: number) => Promise<unknown>): Promise<Float64Array> {
  const taken = new Float64Array(calls);
  for (let i = 0; i < calls; i += 1) {
    const startedAt = performance.now();
    await call(i);
    taken[i] = performance.now() - startedAt;
  }
  return taken.sort();
}

/** Calls a second, so many of them at any time. */
export async function rate(
  calls: number,
  atOnce: number,
  call: (i: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const worker = async () => {
    while (next < calls) {
      const i = next;
      next += 1;
      await call(i);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (calls / (performance.now() - startedAt)) * 1000;
}

/** Of sorted values, by the nearest rank. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
