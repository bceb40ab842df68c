import { describe, expect, test } from 'vitest';
import { BotllmError } from '../../src/errors.js';
import type { Entered, Store } from '../../src/stores/contract.js';
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
  const counted: string[] = [];
  const store = createDegradingStore(primary, {
    clock: () => clock.now,
    onFailure: (operation) => counted.push(operation),
    onLocalDecision: () => counted.push('local'),
    onDegraded: (error) => told.push(`degraded: ${(error as Error).message}`),
    onRecovered: () => told.push('recovered'),
  });
  return { clock, primary, state, told, counted, store };
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

  test('a store that fails when it is asked for all at once: the limit goes on in memory, the lease is granted', async () => {
    const { store: primary, state } = cuttable(Date.now);
    const asked: string[] = [];
    let answer: Entered | null = null;
    const atOnce: Store = Object.assign(Object.create(primary), {
      kind: 'redis',
      enter: async () => {
        asked.push('enter');
        if (state.down) throw new BotllmError('STORE_UNAVAILABLE', 'cut off');
        return answer;
      },
    });
    const counted: string[] = [];
    const store = createDegradingStore(atOnce, {
      onFailure: (operation) => counted.push(operation),
      onLocalDecision: () => counted.push('local'),
      onRecovered: () => counted.push('recovered'),
    });
    const entry = {
      cacheKey: 'k',
      limit: { key: 'user', calls: 1, windowMs: W },
      lease: { key: 'l', token: 't', ttlMs: 1_000 },
    };
    // What the store cannot do at once says nothing about how it is.
    expect(await store.enter?.(entry)).toBeNull();
    state.down = true;
    const entered = await store.enter?.(entry);
    expect(entered).toMatchObject({ value: null, decision: { allowed: true, remaining: 0 }, leased: true });
    expect(counted).toEqual(['enter', 'local']);
    // A stamp of the memory's finds its way back, and nobody asks an ill store for all at once again.
    await store.refund('user', entered?.decision?.stamp ?? 0);
    expect(await store.enter?.(entry)).toBeNull();
    expect(asked).toHaveLength(2);
    expect((await store.take('user', 1, W)).allowed).toBe(true);
    expect((await store.take('user', 1, W)).allowed).toBe(false);
    state.down = false;
    expect(await store.cacheGet('k')).toBeNull();
    for (let i = 0; i < 5; i += 1) expect(await store.enter?.(entry)).toBeNull();
    expect(counted).not.toContain('recovered');
    answer = { value: 'v', decision: null, leased: false };
    for (let i = 0; i < 5; i += 1) expect(await store.enter?.(entry)).toEqual(answer);
    expect(counted).toContain('recovered');
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

  test('counts every call that the store failed, and every decision made in its place', async () => {
    const { store, state, counted } = setup();
    await store.take('user', 3, W);
    state.down = true;
    await store.cacheGet('k');
    await store.take('user', 3, W);
    await store.lease('lease', 'mine', W);
    for (let i = 0; i < 3; i++) await store.take('user', 3, W);
    await store.peek('user', 3, W);
    expect(counted).toEqual([
      'cacheGet',
      'take',
      'local',
      'lease',
      'take',
      'local',
      'take',
      'local',
      'local',
    ]);
  });

  test('a lease that cannot be asked is granted, and told once like everything else', async () => {
    const { store, primary, state, told } = setup();
    expect(await store.lease('lease', 'mine', W)).toBe(true);
    expect(await store.lease('lease', 'yours', W)).toBe(false);
    state.down = true;
    for (let i = 0; i < 20; i++) expect(await store.lease('lease', `other ${i}`, W)).toBe(true);
    await expect(store.release('lease', 'mine')).resolves.toBeUndefined();
    expect(state.asked).toBe(2 + 5);
    expect(told).toEqual(['degraded: cut off']);
    state.down = false;
    expect(await primary.lease('lease', 'yours', W)).toBe(false);
  });

  test('an administrator is told that the store is away', async () => {
    const { store, state } = setup();
    state.down = true;
    for (const call of [
      () => store.clearCache({}),
      () => store.cacheStats({}),
      () => store.users(W, 1),
      () => store.reset('user'),
      () => store.resetAll(),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('an administrator’s work is the primary’s, with its options', async () => {
    const { store, primary } = setup();
    await store.cachePut('llm:cache:v1:-:chat:m:1', 'v', W);
    await store.take('llm:ratelimit:v1:-:42', 3, W);
    expect((await store.cacheStats({})).entries).toBe(1);
    expect((await store.users(W, 1)).users).toBe(1);
    expect(await store.clearCache({}, { dryRun: true })).toEqual({ removed: 1, complete: true });
    const halted = { removed: 0, complete: false };
    expect(await store.clearCache({}, { signal: AbortSignal.abort() })).toEqual(halted);
    expect(await store.resetAll({ signal: AbortSignal.abort() })).toEqual(halted);
    expect(await store.resetAll()).toEqual({ removed: 1, complete: true });
    expect((await primary.users(W, 1)).users).toBe(0);
  });

  test('what was counted in memory is forgotten with the rest', async () => {
    const { store, state } = setup();
    state.down = true;
    await store.take('llm:ratelimit:v1:-:42', 1, W);
    state.down = false;
    await store.resetAll();
    state.down = true;
    expect((await store.take('llm:ratelimit:v1:-:42', 1, W)).allowed).toBe(true);
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
