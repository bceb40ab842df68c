import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { AdminProgress, Store } from '../../src/stores/contract.js';
import { cacheKey, limitKey } from '../../src/stores/keys.js';
import { createRedisStore } from '../../src/stores/redis/store.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisServer, redisIsMissing } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { undoing } from '../support/undo.js';

const W = 60_000;
const MANY = 50_000;
const VALUE = `${Date.now()} ${'x'.repeat(590)}`;

/** Names that look like ours, or like globs, and are not. */
const FOREIGN = [
  'llm:cachet:1',
  'llm:cache',
  'xllm:cache:v1:-:a:m:1',
  'LLM:cache:v1:-:a:m:1',
  'llm:lease:v1:a',
  'bot:1',
  '*',
];

function answers(count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    cacheKey({
      scope: i % 10 === 0 ? 'bot' : '-',
      task: i % 2 ? 'intent' : 'menu',
      model: i % 5 === 0 ? 'org/m-2' : 'm',
      hash: `${i}`,
    }),
  );
}

describe.skipIf(redisIsMissing)('an administrator of a Redis', () => {
  const undo = undoing();
  const started = async () => {
    const server = await RedisServer.start();
    undo.push(() => server.stop());
    return server;
  };
  const opened = (url: string): Store => {
    const store = createRedisStore({ url, timeoutMs: 5_000, readyTimeoutMs: 10_000, stepTimeoutMs: 10_000 });
    undo.push(() => store.close());
    return store;
  };
  const set = (keys: readonly string[]) => keys.map((key) => ['SET', key, VALUE, 'EX', '900']);

  test(`clears just the ${MANY} answers among as many others, and tells how far it is`, async () => {
    const server = await started();
    const others = Array.from({ length: MANY }, (_, i) => `bot:session:${i}`);
    await server.load(
      set([...answers(MANY), 'llm:cache:v0:old', 'llm:cache:v2:a:b:c:d:e', ...others, ...FOREIGN]),
    );
    const store = opened(server.url);
    await store.take(limitKey('-', '42'), 3, W);
    const before = Number(await server.cli('DBSIZE'));

    expect(await store.clearCache({}, { dryRun: true })).toEqual({ removed: MANY + 2, complete: true });
    expect(Number(await server.cli('DBSIZE'))).toBe(before);
    expect((await store.cacheStats({})).groups.reduce((sum, { entries }) => sum + entries, 0)).toBe(MANY);
    expect(await store.clearCache({ scope: 'bot', model: 'org/m-2', task: 'menu' })).toEqual({
      removed: MANY / 10,
      complete: true,
    });
    const told: AdminProgress[] = [];
    const cleared = await store.clearCache({}, { onProgress: (progress) => told.push(progress) });
    expect(cleared).toEqual({ removed: MANY - MANY / 10 + 2, complete: true });
    expect(told.length).toBeGreaterThan(20);
    expect(told.at(-1)).toMatchObject({ matched: cleared.removed, total: before - MANY / 10 });

    expect(await server.cli('EVAL', "return #redis.call('KEYS', 'llm:cache:*')", '0')).toBe('0');
    expect(Number(await server.cli('DBSIZE'))).toBe(MANY + FOREIGN.length + 1);
    expect(await server.cli('EXISTS', ...FOREIGN)).toBe(`${FOREIGN.length}`);
    expect((await store.peek(limitKey('-', '42'), 3, W)).remaining).toBe(2);
  });

  test('means names to the letter, also where they look like globs', async () => {
    const server = await started();
    const store = opened(server.url);
    const odd = ['*', '?', '[a-z]', 'a', '\\', 'a*', '', 'бот', '^', '{x}'];
    const put = async () => {
      for (const scope of odd)
        await store.cachePut(cacheKey({ scope, task: 'intent', model: scope, hash: '1' }), VALUE, 600_000);
    };
    for (const scope of odd) {
      await put();
      expect(await store.clearCache({ scope }), scope).toEqual({ removed: 1, complete: true });
      await put();
      expect(await store.clearCache({ model: scope }), scope).toEqual({ removed: 1, complete: true });
    }
    await put();
    expect(await store.clearCache({ model: ['*', 'a'] })).toEqual({ removed: 2, complete: true });
    expect((await store.cacheStats({ task: 'intent' })).entries).toBe(odd.length - 2);
  });

  test('can clear what is old, whatever lies at its key', async () => {
    const server = await started();
    const store = opened(server.url);
    const at = (hash: string) => cacheKey({ scope: '-', task: 'intent', model: 'm', hash });
    await store.cachePut(at('young'), `${Date.now()} x`, 600_000);
    await store.cachePut(at('old'), `${Date.now() - 60_000} x`, 600_000);
    await server.cli('RPUSH', at('list'), 'x');
    await server.cli('HSET', limitKey('-', 'hash'), 'a', 'b');
    await store.take(limitKey('-', 'sound'), 3, W);
    expect((await store.cacheStats({ olderThanMs: 60_000 })).entries).toBe(2);
    expect((await store.clearCache({ olderThanMs: 60_000 })).removed).toBe(2);
    expect(await store.cacheGet(at('young'))).not.toBeNull();
    expect((await store.users(W, 5)).users).toBe(1);
    expect((await store.resetAll()).removed).toBe(2);
  });

  test('stops between two steps when he is told to, and what went is what he is told', async () => {
    const server = await started();
    await server.load(set(answers(MANY)));
    const store = opened(server.url);
    const work = new AbortController();
    let steps = 0;
    const halted = await store.clearCache(
      {},
      { signal: work.signal, onProgress: () => ++steps === 7 && work.abort() },
    );
    expect(halted.complete).toBe(false);
    expect(halted.removed).toBeGreaterThan(100);
    expect(halted.removed).toBeLessThan(MANY / 2);
    expect(Number(await server.cli('DBSIZE'))).toBe(MANY - halted.removed);
    expect(await store.clearCache({})).toEqual({ removed: MANY - halted.removed, complete: true });
  });

  test('is told within a second or so that it froze in the middle; a look at it later goes on', async () => {
    const server = await started();
    const proxy = await TcpProxy.start(server.port);
    undo.push(() => proxy[Symbol.asyncDispose]());
    await server.load(set(answers(MANY)));
    const store = createRedisStore({ url: proxy.url, stepTimeoutMs: 300 });
    undo.push(() => store.close());
    let steps = 0;
    const work = store.clearCache({}, { onProgress: () => ++steps === 5 && server.freeze() });
    const from = Date.now();
    await expect(work).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.cacheStats({})).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(Date.now() - from).toBeLessThan(60_000);
    server.thaw();
    for (let tries = 0; ; tries++) {
      const cleared = await store.clearCache({}).catch(() => null);
      if (cleared?.complete) break;
      if (tries > 500) throw new Error('it does not come back');
      await sleep(100);
    }
    expect(await server.cli('DBSIZE')).toBe('0');
  });

  test('while writers write, no foreign key goes and no answer is counted twice', async () => {
    const server = await started();
    await server.load(set([...answers(20_000), ...FOREIGN]));
    const store = opened(server.url);
    let written = 0;
    let done = false;
    const writer = (async () => {
      while (!done) {
        const some = Array.from({ length: 20 }, () => `llm:cache:v1:-:chat:m:w${written++}`);
        await Promise.all(some.map((key) => store.cachePut(key, VALUE, 600_000)));
      }
    })();
    const { removed } = await store.clearCache({});
    done = true;
    await writer;
    const left = Number(await server.cli('EVAL', "return #redis.call('KEYS', 'llm:cache:*')", '0'));
    expect(removed + left).toBe(20_000 + written);
    expect(await server.cli('EXISTS', ...FOREIGN)).toBe(`${FOREIGN.length}`);
  });

  test(`of three masters clears the ${MANY} answers of all of them, and nothing else`, async () => {
    const cluster = await RedisCluster.start();
    undo.push(() => cluster[Symbol.asyncDispose]());
    const foreign = Array.from({ length: 3_000 }, (_, i) => `bot:session:${i}`);
    // Each node takes what is its own and refuses the rest.
    for (const node of cluster.nodes) await node.load(set([...answers(MANY), ...foreign]));
    expect(await cluster.sum('DBSIZE')).toBe(MANY + foreign.length);
    const store = opened(cluster.nodes[1]?.url ?? '');
    const stats = await store.cacheStats({});
    expect([stats.entries, stats.complete, (stats.usedBytes ?? 0) > 3e7]).toEqual([MANY, true, true]);
    expect(await store.clearCache({ task: 'menu', olderThanMs: 0 })).toEqual({
      removed: MANY / 2,
      complete: true,
    });
    const work = new AbortController();
    const halted = await store.clearCache({}, { signal: work.signal, onProgress: () => work.abort() });
    expect(await cluster.sum('DBSIZE')).toBe(MANY / 2 + foreign.length - halted.removed);
    expect(await store.clearCache({})).toEqual({ removed: MANY / 2 - halted.removed, complete: true });
    expect(await cluster.sum('DBSIZE')).toBe(foreign.length);
  });
});
