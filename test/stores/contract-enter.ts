import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Entered, Entry, Store } from '../../src/stores/contract.js';
import { cacheKey, leaseKey, limitKey } from '../../src/stores/keys.js';
import { history, play, SEED } from './model.js';

export interface Given {
  store: () => Store;
  /** The store's clock. */
  clock: { now: number };
  histories: number;
}

/** What a store promises that can be asked for all at once. */
export function enterPromises({ store, clock, histories }: Given): void {
  const entry = (name: string, calls: number | null, token: string | null = null): Entry => ({
    cacheKey: cacheKey({ scope: '-', task: 'enter', model: 'm', hash: name }),
    limit: calls === null ? null : { key: limitKey('-', `enter ${name}`), calls, windowMs: 60_000 },
    lease: token === null ? null : { key: leaseKey(`enter ${name}`), token, ttlMs: 1_000 },
  });
  const enter = async (asked: Entry): Promise<Entered> => {
    const entered = await store().enter?.(asked);
    if (!entered) throw new Error('this store cannot be asked at once');
    return entered;
  };
  const nobodyHas = (asked: Entry) => store().lease(asked.lease?.key ?? '', 'a stranger', 1);

  describe('asked for an answer, a limit and a lease at once', () => {
    // Before its first call a store is not connected, and may say that it cannot.
    beforeAll(() => store().cacheGet('llm:cache:v1:-:enter:m:first'));

    test('a kept answer is given, and neither quota nor lease is taken for it', async () => {
      const asked = entry('kept', 1, 'mine');
      await store().cachePut(asked.cacheKey, '1 {"a":"да 😀"}', 60_000);
      for (let i = 0; i < 3; i += 1)
        expect(await enter(asked)).toEqual({ value: '1 {"a":"да 😀"}', decision: null, leased: false });
      expect((await store().take(limitKey('-', 'enter kept'), 1, 60_000)).allowed).toBe(true);
      expect(await nobodyHas(asked)).toBe(true);
    });

    test('a refused call gets no lease', async () => {
      expect((await enter(entry('refused', 1))).decision).toMatchObject({ allowed: true, remaining: 0 });
      clock.now += 10;
      const asked = entry('refused', 1, 'mine');
      const { value, decision, leased } = await enter(asked);
      expect({ value, leased }).toEqual({ value: null, leased: false });
      expect(decision).toMatchObject({ allowed: false, retryAfterMs: 59_990, stamp: null });
      expect(await nobodyHas(asked)).toBe(true);
    });

    test('an accepted one gets the lease, and its quota can be given back', async () => {
      const asked = entry('accepted', 2, 'mine');
      const { decision, leased } = await enter(asked);
      expect(leased).toBe(true);
      expect(decision).toMatchObject({ allowed: true, remaining: 1 });
      expect(await enter(entry('accepted', 2, 'yours'))).toMatchObject({
        decision: { allowed: true, remaining: 0 },
        leased: false,
      });
      await store().refund(asked.limit?.key ?? '', decision?.stamp ?? 0);
      await store().release(asked.lease?.key ?? '', 'mine');
      expect(await enter(entry('accepted', 2, 'yours'))).toMatchObject({
        decision: { allowed: true, remaining: 0 },
        leased: true,
      });
    });

    test('who is not limited gets the lease alone, until its time is over', async () => {
      expect(await enter(entry('free', null, 'mine'))).toEqual({ value: null, decision: null, leased: true });
      expect((await enter(entry('free', null, 'yours'))).leased).toBe(false);
      clock.now += 1_000;
      expect((await enter(entry('free', null, 'yours'))).leased).toBe(true);
    });

    test('a limit that means nothing is refused as a mistake', async () => {
      await expect(enter(entry('nothing', 0))).rejects.toThrow(RangeError);
    });

    test(`the limit is the plain model's (${histories} histories, seed ${SEED})`, async () => {
      const name = entry('never kept', null).cacheKey;
      const asking: Store = {
        ...store(),
        take: async (key, calls, windowMs) => {
          const { decision } = await enter({ cacheKey: name, limit: { key, calls, windowMs }, lease: null });
          if (!decision) throw new Error('nothing was decided');
          return decision;
        },
        peek: (...args) => store().peek(...args),
        refund: (...args) => store().refund(...args),
        reset: (...args) => store().reset(...args),
      };
      let run = 0;
      await fc.assert(
        fc.asyncProperty(history, async (one) => {
          run += 1;
          await play(asking, clock, `enter:${run}`, one);
        }),
        { seed: SEED, numRuns: histories },
      );
    });
  });
}
