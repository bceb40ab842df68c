/** A new order by chance (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1));
    const [one, other] = [order[at], order[last]];
    if (one === undefined || other === undefined) break;
    order[at] = other;
    order[last] = one;
  }
  return order;
}
