import fc from 'fast-check';
import { expect } from 'vitest';
import type { LimitDecision, Store } from '../../src/stores/contract.js';

/** Fixed, so that a failure can be had again; it stands in the test's name. */
export const SEED = 20_261_123;
export const WINDOW = 40;

/** The limiter in its slowest and plainest form: every accepted call ever made, counted anew each time. */
class Model {
  private calls: { at: number; stamp: number }[] = [];

  constructor(private readonly limit: number) {}

  private inWindow(now: number): number {
    return this.calls.filter(({ at }) => at <= now && now < at + WINDOW).length;
  }

  check(got: LimitDecision, now: number, take: boolean): void {
    const before = this.inWindow(now);
    const allowed = before < this.limit;
    expect(got.allowed).toBe(allowed);
    expect(got.remaining).toBe(allowed ? this.limit - before - (take ? 1 : 0) : 0);
    let wait = 0;
    while (this.inWindow(now + wait) >= this.limit) wait += 1;
    expect(got.retryAfterMs).toBe(wait);
    if (take && allowed) {
      expect(got.stamp).toEqual(expect.any(Number));
      expect(this.calls.map(({ stamp }) => stamp)).not.toContain(got.stamp);
      this.calls.push({ at: now, stamp: got.stamp ?? Number.NaN });
    } else expect(got.stamp).toBeNull();
    let reset = 0;
    while (this.inWindow(now + reset) > 0) reset += 1;
    expect(got.resetMs).toBe(reset);
  }

  /** The stamp of one accepted call, gone or not. */
  pick(which: number): number | undefined {
    return this.calls[which % Math.max(1, this.calls.length)]?.stamp;
  }

  refund(stamp: number): void {
    this.calls = this.calls.filter((call) => call.stamp !== stamp);
  }

  reset(): void {
    this.calls = [];
  }
}

export type Step =
  | { do: 'take' | 'peek' | 'reset'; user: number }
  | { do: 'refund'; user: number; which: number }
  | { do: 'wait'; ms: number };

const user = fc.nat({ max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('take' as const), user }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: WINDOW + 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('refund' as const), user, which: fc.nat({ max: 50 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('peek' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), user }) },
);

export const history = fc.record({
  limit: fc.integer({ min: 1, max: 5 }),
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
});

/** Plays one history on a store and on the model; `clock.now` is the store's clock. */
export async function play(
  store: Store,
  clock: { now: number },
  name: string,
  { limit, steps }: { limit: number; steps: Step[] },
): Promise<void> {
  const models = [new Model(limit), new Model(limit)];
  for (const one of steps) {
    if (one.do === 'wait') {
      clock.now += one.ms;
      continue;
    }
    const model = models[one.user];
    if (!model) throw new Error('two users');
    const key = `${name}:${one.user}`;
    if (one.do === 'take') model.check(await store.take(key, limit, WINDOW), clock.now, true);
    if (one.do === 'peek') model.check(await store.peek(key, limit, WINDOW), clock.now, false);
    if (one.do === 'reset') {
      await store.reset(key);
      model.reset();
    }
    const stamp = one.do === 'refund' ? model.pick(one.which) : undefined;
    if (stamp !== undefined) {
      await store.refund(key, stamp);
      model.refund(stamp);
    }
  }
}
