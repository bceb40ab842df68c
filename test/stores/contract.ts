import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/stores/contract.js';
import { cacheKey, limitKey } from '../../src/stores/keys.js';
import { adminPromises } from './contract-admin.js';
import { enterPromises } from './contract-enter.js';
import { leasePromises } from './contract-lease.js';
import { history, play, SEED } from './model.js';

export interface Opened {
  store: Store;
  close: () => Promise<void>;
}

/** What every kind of store does alike. `open` gets the clock that the store must go by. */
export function storeContract(
  name: string,
  open: (clock: () => number) => Promise<Opened>,
  histories: number,
  { entersAtOnce = true } = {},
): void {
  describe(`${name} keeps the contract`, () => {
    const clock = { now: 1_800_000_000_000 };
    let opened: Opened;
    let store: Store;
    beforeAll(async () => {
      opened = await open(() => clock.now);
      store = opened.store;
    });
    afterAll(() => opened.close());

    const key = (task: string, model: string, hash: string, scope = '-') =>
      cacheKey({ scope, task, model, hash });

    test('a value is there until its time is over, and then it is not', async () => {
      const one = key('intent', 'm', 'aa');
      expect(await store.cacheGet(one)).toBeNull();
      await store.cachePut(one, '{"текст":"да 😀"}', 1_000);
      expect(await store.cacheGet(one)).toBe('{"текст":"да 😀"}');
      clock.now += 999;
      expect(await store.cacheGet(one)).toBe('{"текст":"да 😀"}');
      clock.now += 1;
      expect(await store.cacheGet(one)).toBeNull();
    });

    test('a second put replaces value and time', async () => {
      const one = key('intent', 'm', 'bb');
      await store.cachePut(one, 'old', 1_000);
      await store.cachePut(one, 'new', 5_000);
      clock.now += 2_000;
      expect(await store.cacheGet(one)).toBe('new');
    });

    test('a long value comes back whole', async () => {
      const value = 'жук'.repeat(30_000);
      await store.cachePut(key('chat', 'm', 'cc'), value, 1_000);
      expect(await store.cacheGet(key('chat', 'm', 'cc'))).toBe(value);
    });

    adminPromises({ store: () => store, clock });
    leasePromises({ store: () => store, clock });
    if (entersAtOnce) enterPromises({ store: () => store, clock, histories: histories / 4 });

    test('the wait that a refusal names is exact', async () => {
      const user = limitKey('-', 'exact');
      for (const at of [0, 7, 3]) {
        clock.now += at;
        expect((await store.take(user, 3, 100)).allowed).toBe(true);
      }
      clock.now += 5;
      const refused = await store.take(user, 3, 100);
      expect(refused).toEqual({ allowed: false, remaining: 0, retryAfterMs: 85, resetMs: 95, stamp: null });
      clock.now += 84;
      expect((await store.take(user, 3, 100)).allowed).toBe(false);
      clock.now += 1;
      expect((await store.take(user, 3, 100)).allowed).toBe(true);
    });

    test('reset says whether there was anything', async () => {
      const user = limitKey('-', 'reset');
      expect(await store.reset(user)).toBe(false);
      await store.take(user, 1, 60_000);
      expect(await store.reset(user)).toBe(true);
      expect((await store.take(user, 1, 60_000)).allowed).toBe(true);
    });

    test('users of different scopes, and those with odd ids, do not share a limit', async () => {
      for (const one of [
        limitKey('-', '7'),
        limitKey('bot', '7'),
        limitKey('-', 'a b\n{}'),
        limitKey('-', 'a b'),
      ])
        expect((await store.take(one, 1, 60_000)).allowed).toBe(true);
    });

    test('calls made at once are counted one by one', async () => {
      const user = limitKey('-', 'crowd');
      const all = await Promise.all(Array.from({ length: 60 }, () => store.take(user, 25, 60_000)));
      const accepted = all.filter(({ allowed }) => allowed);
      expect(accepted).toHaveLength(25);
      expect(new Set(accepted.map(({ stamp }) => stamp)).size).toBe(25);
    });

    test('a limit that means nothing is refused as a mistake', async () => {
      await expect(store.take('k', 0, 1_000)).rejects.toThrow(RangeError);
      await expect(store.peek('k', 1, Number.NaN)).rejects.toThrow(RangeError);
    });

    test(`${histories} histories agree with the plain model (seed ${SEED})`, async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(history, async (one) => {
          run += 1;
          await play(store, clock, `history:${run}`, one);
        }),
        { seed: SEED, numRuns: histories },
      );
      expect(run).toBeGreaterThanOrEqual(histories);
    });
  });
}
