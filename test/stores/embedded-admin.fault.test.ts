import { describe, expect, test } from 'vitest';
import { cacheKey, limitKey } from '../../src/stores/keys.js';
import { embeddedBench } from './embedded-bench.js';
import { freezeHere, keepersOf, type Running, until } from './processes.js';

const DEAD = { code: 'STORE_UNAVAILABLE' };

describe('an administrator’s work on the embedded store, among processes that die and freeze', () => {
  const { newFolder, started, opened } = embeddedBench();
  const cached = (hash: string) => cacheKey({ scope: '-', task: 'intent', model: 'm', hash });
  const user = limitKey('-', '42');

  test.each([
    ['thawed', 'SIGCONT'],
    ['killed', 'SIGKILL'],
  ] as const)(
    'a clear that meets a frozen holder of the lock (%s later) fails in its bound; what it told is done, and no more',
    async (_, signal) => {
      const folder = newFolder();
      const store = opened(folder);
      for (let i = 0; i < 2_000; i += 200)
        await Promise.all(
          Array.from({ length: 200 }, (_, j) => store.cachePut(cached(String(i + j)), 'v', 600_000)),
        );
      // Its steps wait for as long as those of an administrator do.
      const admin = opened(folder, { timeoutMs: 100 });
      await until(() =>
        admin.cacheStats({}).then(
          () => true,
          () => false,
        ),
      );
      let told = 0;
      const holders: Running[] = [];
      const work = admin.clearCache(
        {},
        {
          onProgress: ({ matched }) => {
            told = matched;
            if (holders.length > 0) return;
            holders.push(started('freezer.mjs', folder));
            // Nothing else of this process runs until the lock is held.
            freezeHere(holders[0]?.child.pid);
          },
        },
      );
      await expect(work).rejects.toMatchObject(DEAD);
      expect(told).toBe(500);
      holders[0]?.child.kill(signal);
      await holders[0]?.ended;
      const rest = await opened(folder).cacheStats({});
      expect([rest.entries, rest.complete]).toEqual([1_500, true]);
      expect(await admin.clearCache({})).toEqual({ removed: 1_500, complete: true });
      expect(await admin.cacheStats({})).toMatchObject({ entries: 0, usedBytes: 0 });
    },
  );

  test('a process killed in the middle of a clear leaves a store that is whole, and the rest can be cleared', async () => {
    const folder = newFolder();
    const store = opened(folder);
    for (let i = 0; i < 10_000; i += 500)
      await Promise.all(
        Array.from({ length: 500 }, (_, j) => store.cachePut(cached(String(i + j)), 'v', 600_000)),
      );
    await store.take(user, 5, 600_000);
    const clearer = started('clearer.mjs', folder, '5000');
    await clearer.said('1000');
    clearer.child.kill('SIGKILL');
    await clearer.ended;
    await until(() => keepersOf(folder).length === 1);
    const { entries } = await store.cacheStats({});
    expect(entries).toBeGreaterThanOrEqual(5_000);
    expect(entries).toBeLessThanOrEqual(9_000);
    expect(entries % 500).toBe(0);
    expect(await store.clearCache({})).toEqual({ removed: entries, complete: true });
    expect(await store.cacheStats({})).toMatchObject({ entries: 0, usedBytes: 0 });
    expect((await store.peek(user, 5, 600_000)).remaining).toBe(4);
  });
});
