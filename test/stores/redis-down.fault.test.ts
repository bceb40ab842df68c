import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/stores/contract.js';
import { createDegradingStore } from '../../src/stores/degrading.js';
import { cacheKey, leaseKey, limitKey } from '../../src/stores/keys.js';
import { createRedisStore, type RedisStoreOptions } from '../../src/stores/redis/store.js';
import { RedisServer, type RedisWish, redisIsMissing } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { undoing } from '../support/undo.js';
import { until } from './processes.js';

const W = 60_000;
const AWAY = { code: 'STORE_UNAVAILABLE' };
/** The bound of a call is 100 ms; this much is hanging. */
const HANGS_MS = 10_000;
/** Redis is looked for every second or so, however long it was away; a slow machine has time for half of that. */
const LOOKS_EVERY_MS = 2_500;

describe.skipIf(redisIsMissing)('a Redis that fails', () => {
  const undo = undoing();
  const started = async (wish?: RedisWish) => {
    const server = await RedisServer.start(wish);
    undo.push(() => server.stop());
    return server;
  };
  const proxied = async (server: RedisServer) => {
    const proxy = await TcpProxy.start(server.port);
    undo.push(() => proxy[Symbol.asyncDispose]());
    return proxy;
  };
  const opened = (url: string, options: Partial<RedisStoreOptions> = {}): Store => {
    const store = createRedisStore({ url, ...options });
    undo.push(() => store.close());
    return store;
  };
  const key = (hash: string) => cacheKey({ scope: '-', task: 'intent', model: 'm', hash });
  const settles = <T>(call: Promise<T>) =>
    call.then(
      () => true,
      () => false,
    );

  /** The store, and how many of its calls waited for their whole bound. */
  const counted = (store: Store) => {
    const waited = { calls: 0 };
    const primary = new Proxy(store, {
      get: (target, name: keyof Store) => {
        const member = target[name];
        if (typeof member !== 'function') return member;
        return (...args: never[]) =>
          (member as (...args: never[]) => Promise<unknown>)(...args).catch((error) => {
            if (String(error.detail).startsWith('no answer within')) waited.calls += 1;
            throw error;
          });
      },
    });
    return { primary, waited };
  };

  interface Wire {
    server: RedisServer;
    proxy: TcpProxy;
  }
  const FAULTS: [name: string, breaks: (wire: Wire) => unknown, mends: (wire: Wire) => unknown][] = [
    ['is killed', ({ server }) => server.kill(), ({ server }) => server.restart()],
    ['is frozen', ({ server }) => server.freeze(), ({ server }) => server.thaw()],
    [
      'is behind a black hole',
      ({ proxy }) => {
        proxy.silent = true;
      },
      ({ proxy }) => {
        proxy.silent = false;
      },
    ],
    [
      'answers 200 ms late',
      ({ proxy }) => {
        proxy.delayMs = 200;
      },
      ({ proxy }) => {
        proxy.delayMs = 0;
      },
    ],
    [
      'resets every connection',
      ({ proxy }) => {
        proxy.refuses = true;
        proxy.cut();
      },
      ({ proxy }) => {
        proxy.refuses = false;
      },
    ],
    [
      'became a replica',
      ({ server }) => server.cli('REPLICAOF', '127.0.0.1', '1'),
      ({ server }) => server.cli('REPLICAOF', 'NO', 'ONE'),
    ],
    [
      'is busy with a script',
      ({ server }) => {
        server.cli('EVAL', 'while true do end', '0').catch(() => undefined);
      },
      ({ server }) => until(async () => (await server.cli('SCRIPT', 'KILL').catch(() => '')) === 'OK'),
    ],
  ];

  test.each(FAULTS)(
    'that %s: calls go on at once by the rule in memory, and it is back in use soon',
    async (_, breaks, mends) => {
      const server = await started();
      const proxy = await proxied(server);
      const told: string[] = [];
      const { primary, waited } = counted(opened(proxy.url));
      const store = createDegradingStore(primary, {
        probeAfterMs: 500,
        onDegraded: () => told.push('degraded'),
        onRecovered: () => told.push('recovered'),
      });
      // A loaded machine may be late already now.
      await until(async () => {
        await store.take(limitKey('-', 'warm'), 1_000, W);
        await store.cachePut(key('a'), 'kept', 600_000);
        return (await store.cacheGet(key('a'))) === 'kept' && told.at(-1) !== 'degraded';
      });
      told.splice(0);
      waited.calls = 0;

      const broken = Date.now();
      await breaks({ server, proxy });
      const user = limitKey('-', 'during');
      const waits: number[] = [];
      const taken: (boolean | 'redis')[] = [];
      const timed = async <T>(call: Promise<T>): Promise<T> => {
        const from = performance.now();
        const value = await call;
        waits.push(performance.now() - from);
        return value;
      };
      for (const end = Date.now() + 2_500; Date.now() < end || taken.length <= 10; ) {
        const { allowed, stamp } = await timed(store.take(user, 3, W));
        taken.push(stamp !== null && stamp > 0 ? 'redis' : allowed);
        await timed(store.cacheGet(key('a')));
        await timed(store.cachePut(key('b'), 'x', 600_000));
        await sleep(1);
      }
      // Never unlimited, never closed: what Redis had not accepted yet, memory accepts up to the limit.
      expect(taken.filter((one) => one === true)).toHaveLength(3);
      expect(taken.filter((one) => one === 'redis').length).toBeLessThanOrEqual(3);
      expect(Math.max(...waits)).toBeLessThan(HANGS_MS);
      // Five failures until it is left alone, then one probe in 500 ms, however long a slow machine took for it all.
      expect(waited.calls).toBeLessThanOrEqual(5 + (Date.now() - broken) / 500);
      expect(told).toEqual(['degraded']);

      await mends({ server, proxy });
      let i = 0;
      await until(async () => {
        const { stamp } = await store.take(limitKey('-', `after-${i++}`), 1, W);
        return (stamp ?? 0) > 0;
      });
      await until(async () => {
        await store.cachePut(key('c'), 'new', 600_000);
        return (await store.cacheGet(key('c'))) === 'new';
      });
      await until(async () => {
        await store.cacheGet(key('a'));
        return told.length > 1;
      });
      expect(told).toEqual(['degraded', 'recovered']);
    },
  );

  test('that is away for long is looked for as often as at first, and used when it is back', async () => {
    const proxy = await proxied(await started());
    const store = opened(proxy.url);
    await until(() => settles(store.take(limitKey('-', '1'), 1, W)));
    proxy.refuses = true;
    proxy.cut();
    const calling = async (ms: number) => {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(100))
        await expect(store.cacheGet(key('a'))).rejects.toMatchObject(AWAY);
    };
    await calling(4_500);
    const [from, before] = [Date.now(), proxy.connections];
    await calling(5_000);
    expect(proxy.connections - before).toBeGreaterThanOrEqual(
      Math.floor((Date.now() - from) / LOOKS_EVERY_MS),
    );
    proxy.refuses = false;
    await until(() => settles(store.take(limitKey('-', '2'), 1, W)));
  });

  test('that is not there at first: calls fail at once, and it is used when it has come', async () => {
    const server = await started();
    await server.kill();
    const store = opened(server.url);
    const from = performance.now();
    for (let i = 0; i < 200; i++) await expect(store.cacheGet(key('a'))).rejects.toMatchObject(AWAY);
    expect(performance.now() - from).toBeLessThan(HANGS_MS);
    await expect(store.take(limitKey('-', '1'), 1, W)).rejects.toMatchObject({
      detail: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('REDIS_URL'),
      cause: expect.any(Error),
    });
    await server.restart();
    await until(() => settles(store.take(limitKey('-', '2'), 1, W)));
  });

  test.each([
    [
      'accepts and says nothing',
      (proxy: TcpProxy) => {
        proxy.silent = true;
      },
    ],
    [
      'resets',
      (proxy: TcpProxy) => {
        proxy.refuses = true;
      },
    ],
  ])('that %s from the first call on: every call ends in its bound', async (_, breaks) => {
    const proxy = await proxied(await started());
    breaks(proxy);
    const store = opened(proxy.url);
    const from = performance.now();
    const calls = Array.from({ length: 50 }, () => store.take(limitKey('-', '1'), 1, W));
    for (const call of calls) await expect(call).rejects.toMatchObject(AWAY);
    for (let i = 0; i < 50; i++) await expect(store.cacheGet(key('a'))).rejects.toMatchObject(AWAY);
    expect(performance.now() - from).toBeLessThan(HANGS_MS);
  });

  test('a reply that is lost: the call fails in its bound, was done once, and is not done again', async () => {
    const server = await started();
    const proxy = await proxied(server);
    const store = opened(proxy.url);
    const user = limitKey('-', 'lost');
    // The server has the script then: what it does not know it cannot do, and says so in a reply.
    await store.take(limitKey('-', 'other'), 100, W);
    for (let call = 1; call <= 10; call++) {
      await until(() => settles(store.peek(user, 100, W)));
      proxy.losesReplies = true;
      const refused = expect(store.take(user, 100, W)).rejects.toMatchObject(AWAY);
      if (call % 2 === 0) {
        await until(async () => Number(await server.cli('LLEN', user)) === call);
        proxy.cut();
      }
      await refused;
      proxy.losesReplies = false;
      proxy.cut();
    }
    await until(() => settles(store.peek(user, 100, W)));
    expect(await server.cli('LLEN', user)).toBe('10');
  });

  test('replies that come late are nobody else’s: the next calls get their own', async () => {
    const server = await started();
    const proxy = await proxied(server);
    const store = opened(proxy.url);
    for (const hash of ['a', 'b', 'c']) await store.cachePut(key(hash), hash, 600_000);
    server.freeze();
    const late = [key('a'), key('b')].map((one) => store.cacheGet(one));
    for (const call of late) await expect(call).rejects.toMatchObject(AWAY);
    server.thaw();
    await until(async () => (await store.cacheGet(key('c')).catch(() => '')) === 'c');
    for (const hash of ['a', 'b', 'c']) expect(await store.cacheGet(key(hash))).toBe(hash);
    expect(proxy.connections).toBe(1);
  });

  test('that is full and evicts nothing: answers are skipped and counted, limits and leases go on', async () => {
    const server = await started({ args: ['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction'] });
    let skipped = 0;
    const store = opened(server.url, {
      timeoutMs: 5_000,
      onSkippedWrite: () => {
        skipped += 1;
      },
    });
    await store.cachePut(key('first'), 'kept', 600_000);
    for (let i = 0; skipped === 0 && i < 1_000; i++)
      await store.cachePut(key(`${i}`), 'x'.repeat(50_000), 600_000);
    expect(skipped).toBe(1);
    await store.cachePut(key('one more'), 'x'.repeat(50_000), 600_000);
    expect(skipped).toBe(2);
    expect(await store.cacheGet(key('one more'))).toBeNull();
    expect(await store.cacheGet(key('first'))).toBe('kept');
    const user = limitKey('-', 'full');
    const taken = [];
    for (let i = 0; i < 5; i++) taken.push(await store.take(user, 3, W));
    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
    await store.refund(user, taken[0]?.stamp ?? 0);
    expect((await store.peek(user, 3, W)).remaining).toBe(1);
    expect(await store.lease(leaseKey('a'), 'mine', 5_000)).toBe(true);
    expect(await store.lease(leaseKey('a'), 'yours', 5_000)).toBe(false);
    await store.release(leaseKey('a'), 'mine');
    expect(await store.lease(leaseKey('a'), 'yours', 5_000)).toBe(true);
    // And it can be emptied.
    expect((await store.clearCache({})).removed).toBeGreaterThan(10);
    await store.cachePut(key('one more'), 'x', 600_000);
    expect(await store.cacheGet(key('one more'))).toBe('x');
  });

  test('that loads its data still: calls fail with what it says, and it is used when it has loaded', async () => {
    const server = await started();
    await server.load(Array.from({ length: 2_000 }, (_, i) => ['SET', `bot:${i}`, 'x'.repeat(100)]));
    await server.cli('CONFIG', 'SET', 'save', '3600 1');
    await server.cli('SAVE');
    await server.kill();
    server.spawn(['--key-load-delay', '500', '--loading-process-events-interval-bytes', '1024']);
    const store = opened(server.url);
    const said = new Set<string>();
    await until(async () => {
      try {
        await store.take(limitKey('-', '1'), 1, W);
        return true;
      } catch (error) {
        expect(error).toMatchObject(AWAY);
        said.add((error as { detail: string }).detail.split(' ')[0] ?? '');
        await sleep(5);
        return false;
      }
    });
    expect([...said]).toContain('LOADING');
    expect(await server.cli('DBSIZE')).toBe('2001');
  });

  test('kill -9 under ten times the load: no more than the limit is accepted by a process', async () => {
    const server = await started();
    const store = createDegradingStore(opened(server.url), { probeAfterMs: 500 });
    const user = limitKey('-', 'flood');
    await until(() => settles(store.peek(user, 10, W)));
    const taken: Promise<{ allowed: boolean; stamp: number | null }>[] = [];
    for (let i = 0; i < 100; i++) {
      if (i === 2) void server.kill();
      taken.push(store.take(user, 10, W));
      await sleep(1);
    }
    const accepted = (await Promise.all(taken)).filter(({ allowed }) => allowed);
    const shared = accepted.filter(({ stamp }) => (stamp ?? 0) > 0).length;
    expect(accepted.length - shared).toBeLessThanOrEqual(10);
    expect(accepted.length).toBeGreaterThanOrEqual(10);
    expect(shared).toBeLessThanOrEqual(10);
  });

  test('no error of Redis carries a value, a user or a password with it', async () => {
    const server = await started();
    await server.cli('CONFIG', 'SET', 'requirepass', 'canary-password');
    const url = (password: string) => server.url.replace('//', `//:${password}@`);
    const wrong = opened(url('canary-wrong'));
    const store = opened(url('canary-password'));
    await store.cachePut(key('a'), 'x', 1_000);
    await server.cli('-a', 'canary-password', '--no-auth-warning', 'REPLICAOF', '127.0.0.1', '1');
    for (const call of [
      () => wrong.cacheGet(key('canary-key')),
      () => store.cachePut(key('b'), 'canary-value', 1_000),
      () => store.take(limitKey('-', 'canary-user'), 1, W),
      () => store.reset(limitKey('-', 'canary-user')),
    ]) {
      const error: unknown = await call().catch((one) => one);
      expect(error).toMatchObject(AWAY);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary');
    }
    expect(store.location).toBe(`127.0.0.1:${server.port}/0`);
  });

  test('after close every call is refused at once, and nothing keeps the process', async () => {
    const server = await started();
    const store = createRedisStore({ url: server.url });
    await store.cacheGet(key('a'));
    await store.close();
    await store.close();
    for (const call of [() => store.cacheGet(key('a')), () => store.users(W, 1)])
      await expect(call()).rejects.toMatchObject({ ...AWAY, detail: 'the store is closed' });
    const unused = createRedisStore({ url: server.url });
    await unused.close();
    await expect(unused.cacheGet(key('a'))).rejects.toMatchObject(AWAY);
    await until(async () => (await server.cli('CLIENT', 'LIST')).split('\n').length === 1);
  });
});
