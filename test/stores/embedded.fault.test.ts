import { cpSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/stores/contract.js';
import { cacheKey, limitKey } from '../../src/stores/keys.js';
import { embeddedBench } from './embedded-bench.js';
import { keepersOf, until } from './processes.js';

const DEAD = { code: 'STORE_UNAVAILABLE' };
/** The bound of a call is 300 ms; this much is hanging. */
const HANGS_MS = 30_000;
const root = new URL('../../', import.meta.url).pathname;

describe('the embedded store among processes that die and freeze', () => {
  const { newFolder, started, opened } = embeddedBench();
  const cached = (hash: string) => cacheKey({ scope: '-', task: 'intent', model: 'm', hash });
  const user = limitKey('-', '42');

  test('four processes together accept exactly the limit', async () => {
    const folder = newFolder();
    const takers = Array.from({ length: 4 }, () => started('taker.mjs', folder, user, '100', '150'));
    await Promise.all(takers.map(({ said }) => said('ready')));
    for (const { child } of takers) child.stdin?.write('go\n');
    const ends = await Promise.all(takers.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const accepted = takers.map(({ lines }) => Number(lines[1]));
    expect(accepted.reduce((sum, one) => sum + one, 0)).toBe(100);
    await until(() => keepersOf(folder).length === 0);
  });

  test('of four processes that claim the same leases, each lease has one holder; one that was killed holds it until its time', async () => {
    const folder = newFolder();
    const ttlMs = 600_000;
    const leasers = Array.from({ length: 4 }, () => started('leaser.mjs', folder, '100', String(ttlMs)));
    await Promise.all(leasers.map(({ said }) => said('ready')));
    for (const { child } of leasers) child.stdin?.write('go\n');
    await Promise.all(leasers.map(({ said }) => said('done')));
    const got = leasers.map(({ lines }) => Number(lines[1]));
    expect(got.reduce((sum, one) => sum + one, 0)).toBe(100);
    for (const { child } of leasers) child.kill('SIGKILL');
    await Promise.all(leasers.map(({ ended }) => ended));
    expect(await opened(folder).lease('lease:0', 'next', ttlMs)).toBe(false);
    const later = opened(folder, { clock: () => Date.now() + ttlMs });
    expect(await later.lease('lease:0', 'next', ttlMs)).toBe(true);
  });

  test('while a holder of the lock is frozen, calls end in their bound, and nothing they failed at is done later', async () => {
    const folder = newFolder();
    const store = opened(folder, { timeoutMs: 300 });
    await until(() =>
      store.cachePut(cached('a'), 'v', 600_000).then(
        () => true,
        () => false,
      ),
    );
    const holder = started('freezer.mjs', folder);
    await holder.said('held');
    const from = Date.now();
    await expect(store.take(user, 5, 600_000)).rejects.toMatchObject(DEAD);
    expect(Date.now() - from).toBeLessThan(HANGS_MS);
    await expect(store.cachePut(cached('b'), 'v', 600_000)).rejects.toMatchObject(DEAD);
    // Reading goes on, however slow the machine.
    await until(() =>
      store.cacheGet(cached('a')).then(
        (value) => value === 'v',
        () => false,
      ),
    );
    holder.child.kill('SIGCONT');
    expect(await holder.ended).toEqual({ code: 0, signal: null });
    await until(() =>
      store.take(user, 5, 600_000).then(
        () => true,
        () => false,
      ),
    );
    const decision = await opened(folder).peek(user, 5, 600_000);
    expect(decision.remaining).toBe(4);
    expect(await store.cacheGet(cached('b'))).toBeNull();
  });

  test.each([
    ['by itself', 'natural', 0],
    ['by process.exit', 'exit', 3],
  ])('a process that opens while a holder is frozen is told so, and ends %s', async (_, ending, code) => {
    const folder = newFolder();
    const first = opened(folder);
    await first.take(user, 5, 600_000);
    await first.close();
    const holder = started('freezer.mjs', folder);
    await holder.said('held');
    const caller = started('caller.mjs', folder, ending);
    expect(await caller.ended).toEqual({ code, signal: null });
    expect(caller.lines).toEqual(['STORE_UNAVAILABLE']);
    await until(() => keepersOf(folder).length === 0);
  });

  test('a store that could not open while a holder was frozen works when it has thawed', async () => {
    const folder = newFolder();
    await opened(folder).take(user, 5, 600_000);
    const holder = started('freezer.mjs', folder);
    await holder.said('held');
    const store = opened(folder, { openTimeoutMs: 300 });
    await expect(store.take(user, 5, 600_000)).rejects.toMatchObject(DEAD);
    // Known by now: it costs nothing to ask again, and least of all the bound of an opening each time.
    const from = Date.now();
    for (let i = 0; i < 20; i++) await expect(store.take(user, 5, 600_000)).rejects.toMatchObject(DEAD);
    expect(Date.now() - from).toBeLessThan(20 * 300);
    holder.child.kill('SIGCONT');
    await until(() =>
      store.take(user, 5, 600_000).then(
        () => true,
        () => false,
      ),
    );
    expect((await store.peek(user, 5, 600_000)).remaining).toBe(3);
  });

  test('kill -9 of a frozen holder frees the lock', async () => {
    const folder = newFolder();
    const store = opened(folder, { timeoutMs: 300 });
    await until(() =>
      store.take(user, 5, 600_000).then(
        () => true,
        () => false,
      ),
    );
    const holder = started('freezer.mjs', folder);
    await holder.said('held');
    await expect(store.take(user, 5, 600_000)).rejects.toMatchObject(DEAD);
    holder.child.kill('SIGKILL');
    await until(() =>
      store.take(user, 5, 600_000).then(
        () => true,
        () => false,
      ),
    );
  });

  test('a process killed while its store waits for a frozen one leaves nothing behind', async () => {
    const folder = newFolder();
    const writer = started('writer.mjs', folder, user, '10');
    await writer.said('writing');
    const holder = started('freezer.mjs', folder);
    await holder.said('held');
    expect(keepersOf(folder)).toHaveLength(1);
    writer.child.kill('SIGKILL');
    await until(() => keepersOf(folder).length === 0);
  });

  test('processes killed in the middle of writes harm nobody: no call is lost, none is granted twice', async () => {
    const folder = newFolder();
    const limit = 3_000;
    let printed = 0;
    let killed = 0;
    for (let round = 0; round < 3; round++) {
      const writers = [0, 1].map(() => started('writer.mjs', folder, user, String(limit)));
      await Promise.all(writers.map(({ said }) => said('writing')));
      await until(() => writers.every(({ lines }) => lines.length > 5));
      await new Promise((resolve) => setTimeout(resolve, 50 * round));
      for (const pid of keepersOf(folder)) if (round === 1) process.kill(pid, 'SIGKILL');
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(writers.map(({ ended }) => ended));
      for (const { lines } of writers) printed += lines.filter((line) => line === 'accepted').length;
      killed += writers.length;
    }
    await until(() => keepersOf(folder).length === 0);
    expect(printed).toBeGreaterThan(killed);
    const store = opened(folder);
    const counted = limit - (await store.peek(user, limit, 600_000)).remaining;
    // What a writer was told it has; at most one call of each died between the store and its print.
    expect(counted).toBeGreaterThanOrEqual(printed);
    expect(counted).toBeLessThanOrEqual(printed + killed);
    expect((await store.take(user, limit, 600_000)).allowed).toBe(true);
    await store.cachePut(cached('after'), 'v', 60_000);
    expect(await store.cacheGet(cached('after'))).toBe('v');
    expect(readdirSync(folder)).toEqual(['main']);
  });

  test('when its own keeper is killed, the store starts another and goes on', async () => {
    const folder = newFolder();
    const store = opened(folder);
    await store.take(user, 5, 600_000);
    const [keeper] = keepersOf(folder);
    process.kill(keeper ?? 0, 'SIGKILL');
    await until(() =>
      store.take(user, 5, 600_000).then(
        () => true,
        () => false,
      ),
    );
    expect((await store.peek(user, 5, 600_000)).remaining).toBe(3);
    expect(keepersOf(folder)).toHaveLength(1);
    expect(keepersOf(folder)).not.toContain(keeper);
  });
});

describe('the embedded store and what it finds on disk', () => {
  const { undo, newFolder, opened } = embeddedBench();
  const data = (folder: string) => join(folder, 'main', 'data.mdb');
  const key = (i: number) => cacheKey({ scope: '-', task: 'intent', model: 'm', hash: String(i) });

  async function filled(folder: string): Promise<void> {
    const store = opened(folder);
    for (let i = 0; i < 200; i++) await store.cachePut(key(i), 'x'.repeat(3_000), 600_000);
    await store.close();
  }

  test.each([
    ['is garbage', (file: string) => writeFileSync(file, Buffer.alloc(100_000, 7))],
    ['was cut', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['was cut in its first page', (file: string) => truncateSync(file, 100)],
  ])('a file that %s is moved aside and a fresh one begun', async (_, damage) => {
    const folder = newFolder();
    await filled(folder);
    damage(data(folder));
    const store = opened(folder);
    const works = async () => {
      for (let i = 0; i < 200; i++) await store.cacheGet(key(i));
      await store.cachePut(key(0), 'fresh', 60_000);
      return (await store.cacheGet(key(0))) === 'fresh';
    };
    await until(() => works().catch(() => false));
    expect(readdirSync(folder).some((name) => name.startsWith('damaged-'))).toBe(true);
  });

  test('a folder that cannot be is an error with a hint, in every call, and the process goes on', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    const store = opened(join(folder, 'file', 'store'));
    for (let i = 0; i < 2; i++)
      await expect(store.cacheGet(key(0))).rejects.toMatchObject({
        ...DEAD,
        hint: expect.stringContaining('BOTLLM_HOME'),
      });
  });

  test('where lmdb is not installed, the store says so and nothing else breaks', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    cpSync(join(root, 'dist'), join(folder, 'copy'), { recursive: true });
    const { openStore } = await import(join(folder, 'copy', 'stores', 'open.js'));
    const store: Store = await openStore({ kind: 'embedded', folder: join(folder, 'store') });
    undo.push(() => store.close());
    for (let i = 0; i < 2; i++)
      await expect(store.take('user', 1, 1_000)).rejects.toMatchObject({
        ...DEAD,
        detail: expect.stringContaining('lmdb'),
        hint: expect.stringContaining('REDIS_URL'),
      });
  });
});
