import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/stores/contract.js';
import { decide, look } from '../../src/stores/decide.js';
import { cacheKey, leaseKey, limitKey } from '../../src/stores/keys.js';
import { createRedisStore } from '../../src/stores/redis/store.js';
import { ClockedRedis } from '../support/redis-clock.js';
import { redisIsMissing } from '../support/redis-server.js';
import { storeContract } from './contract.js';
import { SEED, WINDOW } from './model.js';

/** A loaded machine is no reason for a test of counts to fail. */
const PATIENT = { timeoutMs: 10_000, readyTimeoutMs: 10_000, stepTimeoutMs: 10_000 };
const START = 1_800_000_000_000;

const step = fc.record({
  do: fc.constantFrom('take', 'take', 'take', 'peek', 'refund' as const),
  moved: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.integer({ min: -100, max: 100 })),
  limit: fc.integer({ min: 1, max: 5 }),
  which: fc.nat({ max: 5 }),
});

describe.skipIf(redisIsMissing)('redis', () => {
  storeContract(
    'redis',
    async (clock) => {
      const redis = await ClockedRedis.start(clock());
      const store = createRedisStore({ url: redis.server.url, clock, ...PATIENT });
      return {
        store: redis.following(store, clock),
        close: async () => {
          await store.close();
          await redis[Symbol.asyncDispose]();
        },
      };
    },
    1_000,
  );

  describe('the script, by a clock that also steps back', () => {
    const clock = { now: START };
    let redis: ClockedRedis;
    let store: Store;
    beforeAll(async () => {
      redis = await ClockedRedis.start(clock.now);
      store = redis.following(createRedisStore({ url: redis.server.url, ...PATIENT }), () => clock.now);
    });
    afterAll(async () => {
      await store.close();
      await redis[Symbol.asyncDispose]();
    });
    const redisCli = (...command: string[]) => {
      redis.now = clock.now;
      return redis.server.cli(...command);
    };

    test(`decides as decide() does, whatever the limit and the clock (1000 histories, seed ${SEED})`, async () => {
      let run = 0;
      let back = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
          const key = `steps:${run++}`;
          let stamps: number[] = [];
          for (const { do: what, moved, limit, which } of steps) {
            clock.now += moved;
            if (moved < 0) back += 1;
            // Redis forgets a log that is over when it is next looked at; after that the clock may step back.
            if (clock.now > Math.floor(stamps.at(-1) ?? 0) + WINDOW) stamps = [];
            expect(await store.peek(key, limit, WINDOW)).toEqual(look(stamps, clock.now, limit, WINDOW));
            if (what === 'take') {
              const decided = decide(stamps, clock.now, limit, WINDOW);
              expect(await store.take(key, limit, WINDOW)).toEqual(decided.decision);
              if (decided.decision.allowed) stamps = decided.stamps;
            }
            const stamp = stamps[which];
            if (what === 'refund' && stamp !== undefined) {
              await store.refund(key, stamp);
              stamps = stamps.filter((one) => one !== stamp);
            }
          }
        }),
        { seed: SEED, numRuns: 1_000 },
      );
      expect(back).toBeGreaterThan(1_000);
    });

    test('peek writes nothing: neither the log nor its life changes', async () => {
      const key = limitKey('-', 'peeked');
      for (const at of [0, 10_000, 50_000]) {
        clock.now += at;
        await store.take(key, 3, 60_000);
      }
      clock.now += 30_000;
      const look = async () => [await redisCli('LRANGE', key, '0', '-1'), await redisCli('PTTL', key)];
      const before = await look();
      for (const limit of [1, 2, 3, 10]) await store.peek(key, limit, 60_000);
      await store.peek(limitKey('-', 'unseen'), 3, 60_000);
      expect(await look()).toEqual(before);
      expect(await redisCli('EXISTS', limitKey('-', 'unseen'))).toBe('0');
    });

    test('refund gives back exactly its call, once, and nothing else', async () => {
      const key = limitKey('-', 'refunded');
      const taken = [];
      for (let i = 0; i < 4; i++) taken.push((await store.take(key, 4, 60_000)).stamp ?? 0);
      expect(new Set(taken).size).toBe(4);
      const left = async () => (await redisCli('LRANGE', key, '0', '-1')).split('\n').map(Number);
      await store.refund(key, taken[1] ?? 0);
      await store.refund(key, taken[1] ?? 0);
      await store.refund(key, 12_345);
      expect(await left()).toEqual([taken[0], taken[2], taken[3]]);
      expect((await store.take(key, 4, 60_000)).allowed).toBe(true);
      expect((await store.take(key, 4, 60_000)).allowed).toBe(false);
    });

    test.each([
      ['a text', ['SET', 'KEY', 'x']],
      ['a hash', ['HSET', 'KEY', 'a', 'b']],
      ['words', ['RPUSH', 'KEY', 'a', 'b', 'c', 'd']],
      ['a word among stamps', ['RPUSH', 'KEY', `${START}`, 'x', `${START + 1}`]],
      ['a word at the end', ['RPUSH', 'KEY', `${START}`, 'x']],
      ['no numbers', ['RPUSH', 'KEY', 'nan', 'nan', '-nan']],
      ['what is later than all time', ['RPUSH', 'KEY', 'inf', '1e300', 'inf']],
      ['a day that has not come', ['RPUSH', 'KEY', `${START * 2}`, `${START * 2 + 1}`]],
      ['numbers without order', ['RPUSH', 'KEY', `${START + 9e9}`, '5', `${START}`, '-7']],
    ])('%s in the place of a log shuts nobody out, and gets an end', async (name, command) => {
      const key = limitKey('-', `foreign-${name.replaceAll(' ', '-')}`);
      await redisCli(...command.map((word) => (word === 'KEY' ? key : word)));
      await store.peek(key, 2, 60_000);
      const taken = [];
      for (let i = 0; i < 6; i++) {
        taken.push(await store.take(key, 2, 60_000).catch((error) => error));
        clock.now += 60_001;
      }
      expect(taken.slice(-4).map(({ allowed }) => allowed)).toEqual([true, true, true, true]);
      clock.now -= 60_001;
      expect((await store.peek(key, 2, 60_000)).remaining).toBe(1);
      expect(Number(await redisCli('PTTL', key))).toBeGreaterThan(0);
      clock.now += 60_001;
      expect(await redisCli('EXISTS', key)).toBe('0');
    });

    test('what is no answer at an answer’s key is a miss, and is replaced', async () => {
      const key = cacheKey({ scope: '-', task: 'intent', model: 'm', hash: 'a' });
      await redisCli('RPUSH', key, 'x');
      expect(await store.cacheGet(key)).toBeNull();
      await store.cachePut(key, 'answer', 60_000);
      expect(await store.cacheGet(key)).toBe('answer');
      const lease = leaseKey(key);
      await redisCli('RPUSH', lease, 'x');
      await store.release(lease, 'mine');
      expect(await store.lease(lease, 'mine', 60_000)).toBe(true);
      expect(await store.lease(lease, 'yours', 60_000)).toBe(false);
    });

    test('nothing that is written lives for ever, nor longer than it was given', async () => {
      await redisCli('FLUSHALL');
      const answers = [810_000, 900_000, 1, 0.4, 899_999.6];
      for (const [i, ttl] of answers.entries())
        await store.cachePut(cacheKey({ scope: '-', task: 't', model: 'm', hash: `${i}` }), 'x', ttl);
      for (let i = 0; i < 30; i++) await store.take(limitKey('-', `u${i % 7}`), 2, 60_000 + i / 7);
      await store.take(limitKey('-', 'u0'), 100, 1e300);
      for (let i = 0; i < 9; i++) await store.lease(leaseKey(`${i % 5}`), `t${i}`, 5_000);
      const keys = (await redisCli('KEYS', '*')).split('\n');
      expect(keys.length).toBe(5 + 7 + 5);
      for (const key of keys) {
        const left = Number(await redisCli('PTTL', key));
        expect(left, key).toBeGreaterThanOrEqual(0);
        if (key !== limitKey('-', 'u0'))
          expect(left, key).toBeLessThan(key.startsWith('llm:cache:') ? 900_000 : 60_010);
      }
    });
  });
});
