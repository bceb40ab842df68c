/** Ranks from 1; equal values share the middle of theirs. */
export function midranks(values: readonly number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (order[last + 1]?.value === order[first]?.value && last + 1 < order.length) last++;
    for (const { at } of order.slice(first, last + 1)) ranks[at] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return ranks;
}
