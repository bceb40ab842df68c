import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
// The built store: its file is held by a process of its own, which runs from dist.
import { createEmbeddedStore } from '../../dist/stores/embedded.js';
import { openStore } from '../../dist/stores/open.js';
import { cacheKey } from '../../src/stores/keys.js';
import { storeContract } from './contract.js';
import { embeddedBench, PATIENT } from './embedded-bench.js';
import { storeFolder } from './processes.js';

storeContract(
  'embedded',
  async (clock) => {
    const { folder, remove } = storeFolder();
    const store = createEmbeddedStore({ folder, clock, ...PATIENT });
    return {
      store,
      close: async () => {
        await store.close();
        remove();
      },
    };
  },
  300,
);

describe('embedded', () => {
  const { newFolder, opened } = embeddedBench();
  const key = (hash: string) => cacheKey({ scope: '-', task: 'intent', model: 'm', hash });

  test('nothing is started or written before the first call', async () => {
    const folder = newFolder();
    await (await openStore({ kind: 'embedded', folder })).close();
    expect(readdirSync(folder)).toEqual([]);
    await expect(openStore({ kind: 'embedded' })).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  test('what was written is there for the next one, and shared with another at once', async () => {
    const folder = newFolder();
    const first = opened(folder);
    await first.cachePut(key('a'), 'kept', 60_000);
    await first.take('user', 2, 60_000);
    const second = opened(folder);
    expect(await second.cacheGet(key('a'))).toBe('kept');
    expect((await second.take('user', 2, 60_000)).remaining).toBe(0);
    expect((await first.take('user', 2, 60_000)).allowed).toBe(false);
    await first.close();
    await second.close();
    expect(await opened(folder).cacheGet(key('a'))).toBe('kept');
  });

  test('a process that was held up itself finds the answers that came meanwhile', async () => {
    const { timeoutMs: _, ...patient } = PATIENT;
    const store = opened(newFolder(), { ...patient, timeoutMs: 100 });
    await expect.poll(() => store.cacheGet(key('a')).catch(() => undefined)).toBeNull();
    const asked = store.cacheGet(key('a'));
    // It is on its way when the next turns of promises are over.
    for (let turn = 0; turn < 5; turn += 1) await null;
    // Far longer than its bound: garbage, other programs, a stopped machine.
    for (const until = performance.now() + 3_000; performance.now() < until; );
    expect(await asked).toBeNull();
  });

  test('a closed store says so', async () => {
    const store = opened(newFolder());
    await store.take('user', 1, 60_000);
    await store.close();
    await expect(store.take('user', 1, 60_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('the file stays bounded, the newest answers stay, and limits are never evicted for answers', async () => {
    const folder = newFolder();
    const clock = { now: 1_800_000_000_000 };
    const maxBytes = 1024 * 1024;
    const store = opened(folder, { maxBytes, clock: () => clock.now });
    await store.take('user', 1, 60_000);
    const value = 'x'.repeat(10_000);
    for (let i = 0; i < 1_000; i++) {
      clock.now += 1;
      await store.cachePut(key(String(i)), value, 900_000);
    }
    expect(await store.cacheGet(key('0'))).toBeNull();
    expect(await store.cacheGet(key('999'))).toBe(value);
    expect((await store.take('user', 1, 60_000)).allowed).toBe(false);
    expect(statSync(join(folder, 'main', 'data.mdb')).size).toBeLessThan(3 * maxBytes);
    const { usedBytes, maxBytes: bound } = await store.cacheStats({});
    expect(bound).toBe(maxBytes);
    expect(usedBytes).toBeGreaterThan(maxBytes / 2);
    expect(usedBytes).toBeLessThanOrEqual(maxBytes);
    const { removed } = await store.clearCache({});
    expect(removed).toBeGreaterThan(50);
    expect(removed).toBeLessThan(100);
    expect((await store.cacheStats({})).usedBytes).toBe(0);
  });

  test('expired answers make room before living ones', async () => {
    const clock = { now: 1_800_000_000_000 };
    const store = opened(newFolder(), { maxEntries: 3, clock: () => clock.now });
    await store.cachePut(key('long'), 'v', 900_000);
    for (const short of ['s1', 's2']) await store.cachePut(key(short), 'v', 10);
    clock.now += 20;
    for (const hash of ['n1', 'n2']) await store.cachePut(key(hash), 'v', 900_000);
    expect(await store.cacheGet(key('long'))).toBe('v');
    expect((await store.clearCache({})).removed).toBe(3);
  });

  test('logs of users who went away are swept by the calls of others', async () => {
    const folder = newFolder();
    const clock = { now: 1_800_000_000_000 };
    const store = opened(folder, { clock: () => clock.now });
    for (let i = 0; i < 300; i++) await store.take(`gone:${i}`, 1, 1_000);
    clock.now += 1_000;
    for (let i = 0; i < 310; i++) await store.take('here', 1_000, 60_000);
    let left = 0;
    for (let i = 0; i < 300; i++) if (await store.reset(`gone:${i}`)) left += 1;
    expect(left).toBe(0);
  });

  test('expired answers count in nothing, and go with the next clear, whatever it names', async () => {
    const clock = { now: 1_800_000_000_000 };
    const store = opened(newFolder(), { clock: () => clock.now });
    for (let i = 0; i < 700; i++) await store.cachePut(key(`short${i}`), 'v', 10);
    await store.cachePut(key('long'), 'v', 900_000);
    clock.now += 20;
    expect(await store.cacheStats({})).toMatchObject({ entries: 1, groups: [{ entries: 1 }] });
    expect(await store.clearCache({}, { dryRun: true })).toEqual({ removed: 1, complete: true });
    expect(await store.clearCache({ task: 'none' })).toEqual({ removed: 0, complete: true });
    const { usedBytes } = await store.cacheStats({});
    expect(usedBytes).toBeLessThan(300);
    expect(await store.cacheGet(key('long'))).toBe('v');
  });

  test('leases of holders who went away are swept by the claims of others', async () => {
    const folder = newFolder();
    const clock = { now: 1_800_000_000_000 };
    const store = opened(folder, { clock: () => clock.now });
    for (let i = 0; i < 300; i++) await store.lease(`gone:${i}`, 'dead', 1_000);
    clock.now += 1_000;
    for (let i = 0; i < 310; i++) await store.lease('here', 'mine', 60_000);
    // Without the clock's step back nothing would tell whether a lease that is over still lies there.
    clock.now -= 1_000;
    let left = 0;
    for (let i = 0; i < 300; i++) if (!(await store.lease(`gone:${i}`, 'mine', 1_000))) left += 1;
    expect(left).toBe(0);
  });

  test('a clock that stepped back ends a lease, instead of stretching it', async () => {
    const clock = { now: 1_800_000_000_000 };
    const store = opened(newFolder(), { clock: () => clock.now });
    await store.lease('k', 'dead', 1_000);
    clock.now -= 3_600_000;
    expect(await store.lease('k', 'yours', 1_000)).toBe(true);
  });

  test('keys that the file could not give back as they were are not kept', async () => {
    const store = opened(newFolder());
    for (const odd of [`llm:cache:v1:-:t:\ud83d:1`, `llm:cache:v1:-:t:m:${'x'.repeat(2_000)}`]) {
      await store.cachePut(odd, 'v', 60_000);
      expect(await store.cacheGet(odd)).toBeNull();
      await expect(store.take(odd, 1, 60_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(store.lease(odd, 'mine', 60_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }
    const odd = ['\0', '\0\0a', '\u0001', '\u001f', '\uffff', '😀', '\u007f'].map(
      (tail) => `llm:cache:v1:${tail}`,
    );
    for (const one of odd) await store.cachePut(one, one, 60_000);
    for (const one of odd) expect(await store.cacheGet(one)).toBe(one);
    expect(await store.clearCache({})).toEqual({ removed: odd.length, complete: true });
    for (const one of odd) expect(await store.cacheGet(one)).toBeNull();
  });

  test('a key or a value too long to keep is not kept, and that is no error', async () => {
    const store = opened(newFolder(), { maxBytes: 1024 * 1024 });
    await store.cachePut(key('x'.repeat(2_000)), 'v', 60_000);
    expect(await store.cacheGet(key('x'.repeat(2_000)))).toBeNull();
    await store.cachePut(key('big'), 'x'.repeat(600_000), 60_000);
    expect(await store.cacheGet(key('big'))).toBeNull();
  });

  test('a file of another boot, which was never synced, is not trusted', async () => {
    const folder = newFolder();
    const first = opened(folder);
    await first.cachePut(key('a'), 'kept', 60_000);
    await first.close();
    const boot = join(folder, 'main', 'boot');
    expect(readFileSync(boot, 'utf8')).not.toBe('');
    writeFileSync(boot, 'another');
    const second = opened(folder);
    expect(await second.cacheGet(key('a'))).toBeNull();
    await second.cachePut(key('b'), 'fresh', 60_000);
    await second.close();
    expect(await opened(folder).cacheGet(key('b'))).toBe('fresh');
  });
});
