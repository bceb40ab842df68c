import { describe, expect, test } from 'vitest';
import { BotllmError } from '../../src/errors.js';
import type { Store } from '../../src/stores/contract.js';
import { createDegradingStore } from '../../src/stores/degrading.js';
import { createMemoryStore } from '../../src/stores/memory.js';

/** A real store that can be cut off, and counts who asks. */
function cuttable(clock: () => number) {
  const inner = createMemoryStore({ clock });
  const state = { down: false, asked: 0 };
  const store = new Proxy(inner, {
    get(target, name: keyof Store) {
      const member = target[name];
      if (typeof member !== 'function') return member;
      return async (...args: never[]) => {
        if (name === 'close') return target.close();
        state.asked += 1;
        if (state.down) throw new BotllmError('STORE_UNAVAILABLE', 'cut off');
        return (member as (...args: never[]) => Promise<unknown>)(...args);
      };
    },
  });
  return { store, state };
}

function setup() {
  const clock = { now: 1_800_000_000_000 };
  const { store: primary, state } = cuttable(() => clock.now);
  const told: string[] = [];
  const store = createDegradingStore(primary, {
    clock: () => clock.now,
    onDegraded: (error) => told.push(`degraded: ${(error as Error).message}`),
    onRecovered: () => told.push('recovered'),
  });
  return { clock, primary, state, told, store };
}
const W = 60_000;

describe('a degrading store', () => {
  test('is the primary while that answers', async () => {
    const { store, primary, told } = setup();
    await store.cachePut('k', 'v', 1_000);
    expect(await primary.cacheGet('k')).toBe('v');
    expect(await store.cacheGet('k')).toBe('v');
    await store.take('user', 3, W);
    expect((await primary.peek('user', 3, W)).remaining).toBe(2);
    expect((await store.peek('user', 3, W)).remaining).toBe(2);
    expect(told).toEqual([]);
  });

  test('limits by the same rule in memory while it does not: neither unlimited nor closed', async () => {
    const { store, state, clock } = setup();
    state.down = true;
    const taken = [];
    for (let i = 0; i < 20; i++) taken.push((await store.take('user', 3, W)).allowed);
    expect(taken.filter(Boolean)).toHaveLength(3);
    expect((await store.take('another', 3, W)).allowed).toBe(true);
    const refused = await store.peek('user', 3, W);
    expect(refused).toMatchObject({ allowed: false, retryAfterMs: W });
    clock.now += W;
    expect((await store.take('user', 3, W)).allowed).toBe(true);
  });

  test('the cache misses and swallows writes', async () => {
    const { store, state } = setup();
    await store.cachePut('k', 'v', 1_000);
    state.down = true;
    expect(await store.cacheGet('k')).toBeNull();
    await expect(store.cachePut('k', 'w', 1_000)).resolves.toBeUndefined();
    state.down = false;
    expect(await store.cacheGet('k')).toBe('v');
  });

  test('a dead store is left alone after five failures, and one call probes it later', async () => {
    const { store, state, clock } = setup();
    state.down = true;
    for (let i = 0; i < 50; i++) await store.cacheGet('k');
    expect(state.asked).toBe(5);
    clock.now += 2_999;
    await store.take('user', 1, W);
    expect(state.asked).toBe(5);
    clock.now += 1;
    await Promise.all([store.cacheGet('k'), store.cacheGet('k'), store.cacheGet('k')]);
    expect(state.asked).toBe(6);
    clock.now += 3_000;
    state.down = false;
    await store.cachePut('k', 'v', 10_000);
    expect(await store.cacheGet('k')).toBe('v');
    expect(state.asked).toBe(8);
  });

  test('a clock that stepped back does not keep it away', async () => {
    const { store, state, clock } = setup();
    state.down = true;
    for (let i = 0; i < 5; i++) await store.cacheGet('k');
    state.down = false;
    clock.now -= 3_600_000;
    await store.cachePut('k', 'v', 10_000);
    expect(await store.cacheGet('k')).toBe('v');
  });

  test('says once that it degraded and once that it recovered', async () => {
    const { store, state, told, clock } = setup();
    state.down = true;
    for (let i = 0; i < 10; i++) await store.take('user', 3, W);
    clock.now += 3_000;
    await store.take('user', 3, W);
    expect(told).toEqual(['degraded: cut off']);
    clock.now += 3_000;
    state.down = false;
    for (let i = 0; i < 4; i++) await store.cacheGet('k');
    expect(told).toHaveLength(1);
    for (let i = 0; i < 10; i++) await store.cacheGet('k');
    expect(told).toEqual(['degraded: cut off', 'recovered']);
  });

  test('one slow call now and then is not told each time', async () => {
    const { store, state, told } = setup();
    for (let i = 0; i < 20; i++) {
      state.down = i % 3 === 0;
      await store.cacheGet('k');
    }
    expect(told).toEqual(['degraded: cut off']);
  });

  test('a refund goes to where the call was taken, before and after the change', async () => {
    const { store, state, primary } = setup();
    const shared = await store.take('user', 2, W);
    state.down = true;
    const own = await store.take('user', 2, W);
    expect((await store.peek('user', 2, W)).remaining).toBe(1);
    await store.refund('user', own.stamp ?? 0);
    expect((await store.peek('user', 2, W)).remaining).toBe(2);
    state.down = false;
    expect((await primary.peek('user', 2, W)).remaining).toBe(1);
    await store.refund('user', shared.stamp ?? 0);
    expect((await primary.peek('user', 2, W)).remaining).toBe(2);
  });

  test('an administrator is told that the store is away', async () => {
    const { store, state } = setup();
    state.down = true;
    await expect(store.clearCache({})).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.reset('user')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('a listener that throws breaks nothing', async () => {
    const { store: primary, state } = cuttable(Date.now);
    state.down = true;
    const store = createDegradingStore(primary, {
      onDegraded: () => {
        throw new Error('mine');
      },
    });
    expect((await store.take('user', 1, W)).allowed).toBe(true);
  });
});
