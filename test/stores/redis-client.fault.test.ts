import { describe, expect, test } from 'vitest';
import { createLlmClient, type LlmClientOptions } from '../../src/index.js';
import { completion, startFakeEngine } from '../support/fake-engine.js';
import { RedisServer, type RedisWish, redisIsMissing } from '../support/redis-server.js';
import { undoing } from '../support/undo.js';
import { until } from './processes.js';

describe.skipIf(redisIsMissing)('a client with the address of a Redis', () => {
  const undo = undoing();

  async function setup(wish: RedisWish = {}) {
    const server = await RedisServer.start(wish);
    const engine = await startFakeEngine();
    engine.answerWith(completion('hello'));
    undo.push(
      () => server.stop(),
      () => engine.close(),
    );
    const events: string[] = [];
    const client = (options: LlmClientOptions = {}) => {
      const llm = createLlmClient({
        baseUrl: engine.url,
        model: 'm',
        detect: false,
        redisUrl: server.url,
        rateLimit: 3,
        maxRetries: 0,
        onEvent: ({ event }) => events.push(event),
        ...options,
      });
      undo.push(() => llm.close());
      return llm;
    };
    return { server, engine, events, client };
  }
  const missed = (events: readonly string[]) => events.includes('llm_store_degraded');
  /**
   * A call waits a tenth of a second for Redis, and goes on without it: on a machine so busy that it is not heard in
   * time, what is tried counts only where it was.
   */
  async function heard(scene: (at: Awaited<ReturnType<typeof setup>>) => Promise<void>, wish?: RedisWish) {
    for (let tries = 10; ; tries -= 1) {
      const at = await setup(wish);
      try {
        return await scene(at);
      } catch (error) {
        if (tries === 1 || !missed(at.events)) throw error;
      }
    }
  }
  const hi = (content: string) => ({ messages: [{ role: 'user' as const, content }] });

  test('shares answers and quotas with another one, and keeps both in Redis', () =>
    heard(async ({ server, engine, events, client }) => {
      const [one, two] = [client(), client()];
      expect((await one.chat(hi('a'), { userId: '42' })).source).toBe('model');
      await until(async () => missed(events) || (await server.cli('KEYS', 'llm:cache:v1:-:chat:m:*')) !== '');
      expect((await two.chat(hi('a'), { userId: '42' })).source).toBe('cache');
      for (const text of ['b', 'c']) await two.chat(hi(text), { userId: '42' });
      await expect(one.chat(hi('d'), { userId: '42' })).rejects.toMatchObject({
        code: 'RATE_LIMIT_EXCEEDED',
      });
      expect(await server.cli('LLEN', 'llm:ratelimit:v1:-:42')).toBe('3');
      expect(engine.seen.length).toBe(3);
    }));

  test('keeps an answer for 810 to 900 s, and asks anew where it finds something else', () =>
    heard(async ({ server, events, client }) => {
      const llm = client({ rateLimit: 0 });
      const kept = async () => {
        await until(async () => missed(events) || (await server.cli('KEYS', 'llm:cache:*')) !== '');
        return server.cli('KEYS', 'llm:cache:*');
      };
      for (let i = 0; i < 10; i++) {
        const asked = Date.now();
        await llm.chat(hi('a'));
        const key = await kept();
        const life = Number(await server.cli('PTTL', key));
        expect(life).toBeGreaterThan(810_000 - (Date.now() - asked));
        expect(life).toBeLessThanOrEqual(900_000);
        await server.cli('DEL', key);
      }
      await llm.chat(hi('a'));
      const key = await kept();
      const value = await server.cli('GET', key);
      const others = [
        '',
        '{}',
        'x'.repeat(100_000),
        value.replace('"v":1', '"v":0'),
        value.slice(0, -5),
        value.replace(/^\d+/, `${Date.now() - 901_000}`),
      ];
      for (const other of others) {
        await server.cli('SET', key, other, 'PX', '600000');
        expect((await llm.chat(hi('a'))).source, other.slice(0, 80)).toBe('model');
        await until(async () => missed(events) || (await server.cli('GET', key)) !== other);
      }
      expect((await llm.chat(hi('a'))).source).toBe('cache');
    }));

  test('whose Redis is killed goes on, limits by itself, tells it once, and takes it up again', async () => {
    const { server, events, client } = await setup();
    const llm = client();
    await llm.chat(hi('warm'), { userId: 'w' });
    await server.kill();
    const answered = [];
    for (let i = 0; i < 8; i++)
      answered.push(await llm.chat(hi(`${i}`), { userId: '42' }).catch(({ code }) => code));
    expect(answered.slice(3)).toEqual(Array.from({ length: 5 }, () => 'RATE_LIMIT_EXCEEDED'));
    expect(events.filter((event) => event === 'llm_store_degraded')).toHaveLength(1);
    await server.restart();
    await until(async () => {
      await llm.chat(hi('same'), { userId: `${Math.random()}` });
      return events.includes('llm_store_recovered');
    });
    await until(async () => Number(await server.cli('DBSIZE')) > 0);
  });

  test('whose Redis is full goes on without new answers in the cache, and tells it', () =>
    heard(
      async ({ server, events, client }) => {
        const llm = client();
        await llm.chat(hi('warm'), { userId: 'w' });
        await server.cli('CONFIG', 'SET', 'maxmemory', '1');
        for (const text of ['a', 'b', 'a'])
          expect((await llm.chat(hi(text), { userId: '42' })).source).toBe('model');
        await expect(llm.chat(hi('c'), { userId: '42' })).rejects.toMatchObject({
          code: 'RATE_LIMIT_EXCEEDED',
        });
        await until(() => missed(events) || events.includes('llm_cache_write_skipped'));
        expect(events).not.toContain('llm_store_degraded');
        expect(await server.cli('LLEN', 'llm:ratelimit:v1:-:42')).toBe('3');
      },
      { args: ['--maxmemory-policy', 'noeviction'] },
    ));

  test('keeps elsewhere when it is told so, and refuses an address that is none', async () => {
    const { server, client } = await setup();
    for (const options of [{ store: 'memory' }, { redisUrl: 'none', store: 'memory' }] as const)
      await client(options).chat(hi('a'), { userId: '42' });
    expect(await server.cli('DBSIZE')).toBe('0');
    expect(() => client({ redisUrl: 'redis://:secret@' })).toThrow(/REDIS_URL/);
  });
});
