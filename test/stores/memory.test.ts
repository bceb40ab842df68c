import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory.js';
import { openStore } from '../../src/stores/open.js';
import { storeContract } from './contract.js';

storeContract(
  'memory',
  async (clock) => {
    const store = await openStore({ kind: 'memory', clock });
    return { store, close: () => store.close() };
  },
  1_000,
  { entersAtOnce: false },
);

describe('memory is bounded', () => {
  test('the entry unused for longest goes first', async () => {
    const store = createMemoryStore({ clock: () => 0, maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await store.cachePut(key, key, 1_000);
    await store.cacheGet('a');
    await store.cachePut('d', 'd', 1_000);
    const left = await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.cacheGet(key)));
    expect(left).toEqual(['a', null, 'c', 'd']);
  });

  test('expired entries go before living ones', async () => {
    const clock = { now: 0 };
    const store = createMemoryStore({ clock: () => clock.now, maxEntries: 2 });
    await store.cachePut('old', 'old', 1_000);
    await store.cachePut('short', 'short', 10);
    clock.now = 20;
    await store.cachePut('new', 'new', 1_000);
    expect(await store.cacheGet('old')).toBe('old');
    expect(await store.cacheGet('new')).toBe('new');
  });

  test('bytes are bounded, and one value over the bound is not kept', async () => {
    const store = createMemoryStore({ clock: () => 0, maxBytes: 1_000 });
    for (const key of ['a', 'b', 'c']) await store.cachePut(key, 'x'.repeat(200), 1_000);
    expect(await store.cacheGet('a')).toBeNull();
    expect(await store.cacheGet('b')).not.toBeNull();
    await store.cachePut('big', 'x'.repeat(500), 1_000);
    expect(await store.cacheGet('big')).toBeNull();
    expect(await store.cacheGet('c')).not.toBeNull();
  });

  test('many users: the one unseen for longest is forgotten', async () => {
    const store = createMemoryStore({ clock: () => 0, maxUsers: 2 });
    await store.take('one', 1, 1_000);
    await store.take('two', 1, 1_000);
    await store.take('one', 1, 1_000);
    await store.take('three', 1, 1_000);
    expect((await store.peek('one', 1, 1_000)).allowed).toBe(false);
    expect((await store.peek('two', 1, 1_000)).allowed).toBe(true);
  });

  test('leases: those that are over make room, and beyond the bound the oldest is forgotten', async () => {
    const clock = { now: 0 };
    const store = createMemoryStore({ clock: () => clock.now });
    for (let i = 0; i < 10_001; i++) await store.lease(`k${i}`, 'mine', 1_000);
    expect(await store.lease('k10000', 'yours', 1_000)).toBe(false);
    expect(await store.lease('k0', 'yours', 1_000)).toBe(true);
    clock.now = 1_000;
    expect(await store.lease('k9999', 'yours', 1_000)).toBe(true);
  });

  test('a clock that stepped back ends a lease, instead of stretching it', async () => {
    const clock = { now: 10_000_000 };
    const store = createMemoryStore({ clock: () => clock.now });
    await store.lease('k', 'dead', 1_000);
    clock.now -= 3_600_000;
    expect(await store.lease('k', 'yours', 1_000)).toBe(true);
  });

  test('stats tell the bytes in use and their bound', async () => {
    const store = createMemoryStore({ clock: () => 0, maxBytes: 1_000 });
    const key = 'llm:cache:v1:-:chat:m:1';
    await store.cachePut(key, 'v', 1_000);
    expect(await store.cacheStats({})).toMatchObject({ usedBytes: 2 * (key.length + 1), maxBytes: 1_000 });
  });
});
