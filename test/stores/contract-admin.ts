import { expect, test } from 'vitest';
import type { AdminProgress } from '../../src/stores/contract.js';
import { cacheKey, limitKey } from '../../src/stores/keys.js';
import type { Given } from './contract-lease.js';

const LIFE = 600_000;
const WINDOW = 60_000;

/** What every kind of store promises an administrator. */
export function adminPromises({ store, clock }: Given): void {
  const key = (task: string, model: string, hash: string, scope = '-') =>
    cacheKey({ scope, task, model, hash });
  const value = (ageMs = 0) => `${clock.now - ageMs} {"v":1}`;

  test('clear removes what the filter names, and no limit', async () => {
    await store().clearCache({});
    const user = limitKey('-', '42');
    await store().take(user, 3, WINDOW);
    await store().cachePut(key('intent', 'a/b', '1'), 'x', LIFE);
    await store().cachePut(key('intent', 'other', '2'), 'x', LIFE);
    await store().cachePut(key('menu', 'a/b', '3'), 'x', LIFE);
    await store().cachePut(key('menu', 'a/b', '4', 'bot:1'), 'x', LIFE);
    const removed = async (filter: object) => (await store().clearCache(filter)).removed;
    expect(await removed({ model: 'nothing' })).toBe(0);
    expect(await removed({ scope: 'bot:1' })).toBe(1);
    expect(await removed({ task: 'intent', model: 'a/b' })).toBe(1);
    expect(await store().cacheGet(key('intent', 'a/b', '1'))).toBeNull();
    expect(await store().cacheGet(key('menu', 'a/b', '3'))).toBe('x');
    expect(await store().clearCache({})).toEqual({ removed: 2, complete: true });
    expect((await store().peek(user, 3, WINDOW)).remaining).toBe(2);
  });

  test('clear without a name takes every version; with one only those whose names can be read', async () => {
    await store().clearCache({});
    const others = [
      'llm:cache:v0:intent:1',
      'llm:cache:v2:-:intent:m:1:2',
      'llm:cache:v1:%E0%A4%A:intent:m:1',
    ];
    const foreign = ['llm:cachet:v1:-:intent:m:1', 'llm:cach', 'llm:cache', 'llm:cache;', 'bot:cache:1'];
    for (const one of [...others, ...foreign]) await store().cachePut(one, 'x', LIFE);
    await store().cachePut(key('intent', 'm', '1'), 'x', LIFE);
    expect(await store().cacheStats({})).toMatchObject({
      entries: 4,
      groups: [{ scope: '-', task: 'intent', model: 'm', entries: 1 }],
      complete: true,
    });
    expect((await store().clearCache({ task: 'intent' })).removed).toBe(1);
    expect((await store().clearCache({})).removed).toBe(3);
    for (const one of foreign) expect(await store().cacheGet(one), one).toBe('x');
    for (const one of foreign) await store().cachePut(one, 'x', 0);
  });

  test('clear of what is old goes by the age in the value; one that tells none is old', async () => {
    await store().clearCache({});
    const ages = { young: value(59_999), old: value(60_000), ahead: value(-5_000), broken: '{}', none: '' };
    for (const [hash, one] of Object.entries(ages)) await store().cachePut(key('chat', 'm', hash), one, LIFE);
    const filter = { olderThanMs: 60_000 };
    expect(await store().clearCache(filter, { dryRun: true })).toEqual({ removed: 3, complete: true });
    expect((await store().cacheStats(filter)).entries).toBe(3);
    expect((await store().cacheStats({})).entries).toBe(5);
    expect(await store().clearCache(filter)).toEqual({ removed: 3, complete: true });
    for (const [hash, kept] of [
      ['young', true],
      ['old', false],
      ['ahead', true],
      ['broken', false],
    ] as const)
      expect((await store().cacheGet(key('chat', 'm', hash))) !== null, hash).toBe(kept);
  });

  test('stats count living answers by scope, task and model, the largest group first', async () => {
    await store().clearCache({});
    const put = async (task: string, model: string, scope: string, count: number) => {
      for (let i = 0; i < count; i++)
        await store().cachePut(key(task, model, String(i), scope), value(), LIFE);
    };
    await put('menu', 'a', '-', 2);
    await put('intent', 'a', '-', 3);
    await put('intent', 'a', 'бот', 1);
    await store().cachePut(key('intent', 'a', 'gone'), value(), 0);
    const all = await store().cacheStats({});
    expect([all.entries, all.complete]).toEqual([6, true]);
    expect(all.groups).toEqual([
      { scope: '-', task: 'intent', model: 'a', entries: 3 },
      { scope: '-', task: 'menu', model: 'a', entries: 2 },
      { scope: 'бот', task: 'intent', model: 'a', entries: 1 },
    ]);
    for (const bytes of [all.usedBytes, all.maxBytes]) expect(bytes === null || bytes > 0).toBe(true);
    const some = await store().cacheStats({ task: 'intent', scope: 'бот' });
    expect([some.entries, some.groups.length]).toEqual([1, 1]);
  });

  test('long work tells how far it has come, and ends between two steps when it is told to', async () => {
    await store().clearCache({});
    await fill(1_203, (i) => store().cachePut(key(i % 2 ? 'menu' : 'intent', 'm', `${i}`), value(), LIFE));
    expect(await store().clearCache({}, { dryRun: true })).toEqual({ removed: 1_203, complete: true });
    const seen: AdminProgress[] = [];
    const work = new AbortController();
    const halted = await store().clearCache(
      { task: 'intent' },
      {
        signal: work.signal,
        onProgress: (progress) => {
          seen.push(progress);
          work.abort();
        },
      },
    );
    expect([halted.complete, seen.length]).toEqual([false, 1]);
    expect(halted.removed).toBe(seen[0]?.matched);
    expect(halted.removed).toBeGreaterThan(0);
    expect(halted.removed).toBeLessThan(602);
    expect((await store().cacheStats({ task: 'intent' })).entries).toBe(602 - halted.removed);
    expect((await store().cacheStats({ task: 'menu' })).entries).toBe(601);

    const already = { signal: AbortSignal.abort() };
    expect(await store().clearCache({}, already)).toEqual({ removed: 0, complete: false });
    expect(await store().cacheStats({}, already)).toMatchObject({ entries: 0, complete: false });

    const told: AdminProgress[] = [];
    const done = await store().clearCache({}, { onProgress: (progress) => told.push(progress) });
    expect(done).toEqual({ removed: 1_203 - halted.removed, complete: true });
    expect(told.at(-1)).toMatchObject({ matched: done.removed });
    for (const [i, { scanned, matched, total }] of told.entries()) {
      expect(matched).toBeGreaterThanOrEqual(told[i - 1]?.matched ?? 0);
      expect(scanned).toBeGreaterThanOrEqual(matched);
      expect(total === null || total >= matched).toBe(true);
    }
    expect((await store().cacheStats({})).entries).toBe(0);
  });

  test('users are those with calls in the window, the busiest first, and looking changes nothing', async () => {
    await store().resetAll();
    const take = async (user: string, calls: number, scope = '-') => {
      for (let i = 0; i < calls; i++) await store().take(limitKey(scope, user), 10, WINDOW);
    };
    await take('earlier', 9);
    clock.now += WINDOW;
    await take('42', 3);
    await take('tg:7@x.y', 5);
    await take('with space', 1, 'бот');
    const given = await store().take(limitKey('-', 'refunded'), 10, WINDOW);
    await store().refund(limitKey('-', 'refunded'), given.stamp ?? 0);
    await store().take('llm:ratelimit:v0:42', 10, WINDOW);
    clock.now += 100;
    const hash = limitKey('', 'with space').split(':').slice(-2).join(':');
    const found = await store().users(WINDOW, 2);
    expect(found).toMatchObject({ users: 3, complete: true });
    expect(found.top.map(({ scope, user, calls }) => [scope, user, calls])).toEqual([
      ['-', 'tg:7@x.y', 5],
      ['-', '42', 3],
    ]);
    const last = (await store().users(WINDOW, 10)).top.at(-1);
    expect(last).toMatchObject({ scope: 'бот', user: hash, calls: 1, newestAgeMs: 100 });
    expect((await store().users(100, 10)).users).toBe(0);
    expect(await store().users(WINDOW, 10, { signal: AbortSignal.abort() })).toEqual({
      users: 0,
      top: [],
      complete: false,
    });
    expect((await store().peek(limitKey('-', '42'), 10, WINDOW)).remaining).toBe(7);
  });

  test('among many users the busiest are found', async () => {
    await store().resetAll();
    await fill(1_100, (i) => store().take(limitKey('-', `u${i}`), 10, WINDOW));
    for (const user of ['u3', 'u700', 'u700', 'u1099']) await store().take(limitKey('-', user), 10, WINDOW);
    const { users, top } = await store().users(WINDOW, 3);
    expect([users, top.map(({ calls }) => calls)]).toEqual([1_100, [3, 2, 2]]);
    expect(top[0]?.user).toBe('u700');
  });

  test('reset of all forgets every user’s calls in every scope and version, and no answer', async () => {
    await store().resetAll();
    await store().cachePut(key('chat', 'm', 'kept'), value(), LIFE);
    await fill(600, (i) => store().take(limitKey(i % 2 ? 'bot' : '-', `u${i}`), 1, WINDOW));
    await store().take('llm:ratelimit:v0:42', 1, WINDOW);
    await store().take('other:ratelimit:42', 1, WINDOW);
    const already = { signal: AbortSignal.abort() };
    expect(await store().resetAll(already)).toEqual({ removed: 0, complete: false });
    expect(await store().resetAll()).toEqual({ removed: 601, complete: true });
    expect((await store().users(WINDOW, 10)).users).toBe(0);
    expect((await store().peek('other:ratelimit:42', 1, WINDOW)).allowed).toBe(false);
    expect(await store().cacheGet(key('chat', 'm', 'kept'))).not.toBeNull();
    await store().reset('other:ratelimit:42');
  });
}

/** Some at a time, as many as a store takes at once. */
async function fill(count: number, one: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i += 100)
    await Promise.all(Array.from({ length: Math.min(100, count - i) }, (_, j) => one(i + j)));
}
