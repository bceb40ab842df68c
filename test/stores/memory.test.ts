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
});
