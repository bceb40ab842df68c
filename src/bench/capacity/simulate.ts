/** An engine on a virtual clock: slots that share its speed, and a queue before them. */
export interface VirtualEngine {
  slots: number;
  /** How fast each of `k` in service goes on, against one alone. */
  speed: (k: number) => number;
}

export interface Passage {
  /** From arrival to the end, in milliseconds. */
  tookMs: number;
  /** Others in the system when it arrived. */
  met: number;
}

/**
 * Lets requests pass an engine on a virtual clock.
 * @param arrivals milliseconds, ascending
 * @param works milliseconds of each request alone
 */
export function simulate(
  arrivals: readonly number[],
  works: readonly number[],
  { slots, speed }: VirtualEngine,
): Passage[] {
  const passages: Passage[] = arrivals.map(() => ({ tookMs: 0, met: 0 }));
  const serving: { i: number; left: number }[] = [];
  const waiting: number[] = [];
  let head = 0;
  let now = 0;
  let next = 0;
  const start = (i: number) => serving.push({ i, left: works[i] ?? 0 });
  const progress = (until: number) => {
    const pace = speed(serving.length) * (until - now);
    for (const one of serving) one.left -= pace;
    now = until;
  };
  while (next < arrivals.length || serving.length > 0) {
    const pace = serving.length > 0 ? speed(serving.length) : 1;
    const least = serving.reduce((min, { left }) => Math.min(min, left), Number.POSITIVE_INFINITY);
    const endsAt = now + Math.max(0, least) / pace;
    const arrivesAt = arrivals[next] ?? Number.POSITIVE_INFINITY;
    if (arrivesAt <= endsAt) {
      progress(Math.max(now, arrivesAt));
      const passage = passages[next];
      if (passage) passage.met = serving.length + waiting.length - head;
      if (serving.length < slots) start(next);
      else waiting.push(next);
      next += 1;
      continue;
    }
    progress(endsAt);
    const [done] = serving.splice(indexOfLeast(serving), 1);
    const passage = done && passages[done.i];
    if (done && passage) passage.tookMs = now - (arrivals[done.i] ?? now);
    const following = waiting[head];
    if (following !== undefined) {
      head += 1;
      start(following);
    }
  }
  return passages;
}

function indexOfLeast(serving: readonly { left: number }[]): number {
  let best = 0;
  for (const [i, { left }] of serving.entries()) if (left < (serving[best]?.left ?? 0)) best = i;
  return best;
}
