import { expect, test } from 'vitest';
import type { Store } from '../../src/stores/contract.js';
import { leaseKey } from '../../src/stores/keys.js';

export interface Given {
  store: () => Store;
  /** The store's clock. */
  clock: { now: number };
}

/** What every kind of store promises of leases. */
export function leasePromises({ store, clock }: Given): void {
  test('a lease is one caller’s until its time is over; asking again renews it', async () => {
    const key = leaseKey('llm:cache:v1:-:chat:m:lease');
    expect(await store().lease(key, 'mine', 1_000)).toBe(true);
    expect(await store().lease(key, 'yours', 1_000)).toBe(false);
    clock.now += 999;
    expect(await store().lease(key, 'mine', 1_000)).toBe(true);
    clock.now += 999;
    expect(await store().lease(key, 'yours', 1_000)).toBe(false);
    clock.now += 1;
    expect(await store().lease(key, 'yours', 1_000)).toBe(true);
    expect(await store().lease(key, 'mine', 1_000)).toBe(false);
  });

  test('a lease is let go of by its holder, and by nobody else', async () => {
    const key = leaseKey('llm:cache:v1:-:chat:m:release');
    await store().release(key, 'nobody');
    await store().lease(key, 'mine', 60_000);
    await store().release(key, 'yours');
    expect(await store().lease(key, 'yours', 60_000)).toBe(false);
    await store().release(key, 'mine');
    expect(await store().lease(key, 'yours', 60_000)).toBe(true);
  });

  test('of many who ask at once exactly one gets the lease, and another answer is another lease', async () => {
    const keys = ['-', 'bot'].map((scope) => leaseKey(`llm:cache:v1:${scope}:chat:m:crowd`));
    for (const key of keys) {
      const asked = Array.from({ length: 60 }, (_, i) => store().lease(key, `token:${i}`, 60_000));
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
    }
  });

  test('leases are neither cached answers nor limits: no command counts or removes them', async () => {
    const key = leaseKey('llm:cache:v1:-:chat:m:apart');
    await store().clearCache({});
    await store().lease(key, 'mine', 60_000);
    expect((await store().cacheStats({})).entries).toBe(0);
    expect(await store().clearCache({})).toEqual({ removed: 0, complete: true });
    await store().resetAll();
    expect(await store().lease(key, 'yours', 60_000)).toBe(false);
  });
}
