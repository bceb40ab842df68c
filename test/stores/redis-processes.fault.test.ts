import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitKey } from '../../src/stores/keys.js';
import { createRedisStore } from '../../src/stores/redis/store.js';
import { ClockedRedis } from '../support/redis-clock.js';
import { RedisServer, redisIsMissing } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { undoing } from '../support/undo.js';
import { SEED } from './model.js';
import { until } from './processes.js';

const PATIENT = { timeoutMs: 10_000, readyTimeoutMs: 10_000, stepTimeoutMs: 10_000 };
const WINDOW = 60_000;

/** Histories that are played side by side, each with its own user. */
const SIDE_BY_SIDE = 5;
const four = <T>(one: fc.Arbitrary<T>) => fc.tuple(one, one, one, one);
const round = fc.record({
  /** Often such that a call leaves the window in that very millisecond. */
  waited: fc.oneof(fc.constantFrom(0, 20_000, 30_000, WINDOW), fc.integer({ min: 0, max: 40_000 })),
  /** Calls of each of four processes for each user. */
  calls: four(fc.array(fc.nat({ max: 13 }), { minLength: SIDE_BY_SIDE, maxLength: SIDE_BY_SIDE })),
});
const histories = fc.record({
  limits: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: SIDE_BY_SIDE, maxLength: SIDE_BY_SIDE }),
  rounds: fc.array(round, { minLength: 3, maxLength: 8 }),
});

/** How many calls of one user lie in the window. */
class Log {
  private accepted: { at: number; calls: number }[] = [];

  inWindow(now: number): number {
    return sum(this.accepted.filter(({ at }) => at + WINDOW > now).map(({ calls }) => calls));
  }

  add(at: number, calls: number): void {
    this.accepted.push({ at, calls });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

describe.skipIf(redisIsMissing)('processes that share a Redis', () => {
  const undo = undoing();

  async function worker(url: string): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('./fixtures/redis-worker.mjs', import.meta.url)));
    undo.push(() => child.kill('SIGKILL'));
    child.send({ url });
    await once(child, 'message');
    return child;
  }

  async function ask(child: ChildProcess, work: object): Promise<unknown> {
    const reply = once(child, 'message');
    child.send(work);
    return (await reply)[0];
  }

  test(`four of them, up to 52 calls at once: exactly the limit in any window, no call refused below it (1000 histories, seed ${SEED})`, async () => {
    const clock = { now: 1_800_000_000_000 };
    const redis = await ClockedRedis.start(clock.now);
    undo.push(() => redis[Symbol.asyncDispose]());
    const workers = await Promise.all(Array.from({ length: 4 }, () => worker(redis.server.url)));
    let run = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(histories, async ({ limits, rounds }) => {
        const users = limits.map((limit) => ({ key: `many:${run++}`, limit, log: new Log() }));
        for (const { waited, calls } of rounds) {
          clock.now += waited;
          redis.now = clock.now;
          const accepted = await Promise.all(
            workers.map((child, w) =>
              ask(child, {
                windowMs: WINDOW,
                users: users.map(({ key, limit }, u) => ({ key, limit, calls: calls[w]?.[u] })),
              }),
            ),
          );
          for (const [u, { limit, log }] of users.entries()) {
            const asked = sum(calls.map((each) => each[u] ?? 0));
            const total = sum(accepted.map((each) => (each as number[])[u] ?? 0));
            expect(total).toBe(Math.min(asked, limit - log.inWindow(clock.now)));
            log.add(clock.now, total);
            refused += asked - total;
          }
        }
      }),
      { seed: SEED, numRuns: 1_000 / SIDE_BY_SIDE },
    );
    expect(run).toBeGreaterThanOrEqual(1_000);
    expect(refused).toBeGreaterThan(1_000);
  }, 600_000);

  test('killed in the middle of writes, and with replies lost, they leave no key without an end', async () => {
    const server = await RedisServer.start();
    undo.push(() => server.stop());
    const proxy = await TcpProxy.start(server.port);
    undo.push(() => proxy[Symbol.asyncDispose]());
    for (let i = 0; i < 4; i++) {
      const children = await Promise.all([worker(server.url), worker(proxy.url)]);
      for (const child of children) await ask(child, { spin: true });
      await until(async () => Number(await server.cli('DBSIZE')) > 200);
      await sleep(20 * i);
      proxy.losesReplies = true;
      await sleep(20);
      proxy.cut();
      proxy.losesReplies = false;
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    }
    const keys = (await server.cli('KEYS', '*')).split('\n');
    expect(keys.filter((key) => key.startsWith('llm:ratelimit:')).length).toBe(50);
    expect(keys.length).toBeGreaterThan(200);
    const script =
      "local n = 0 for _, k in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', k) == -1 then n = n + 1 end end return n";
    expect(await server.cli('EVAL', script, '0')).toBe('0');
  });

  test('the wait that a refusal names is true by the real clock: a call then is accepted, one 5 ms earlier is not', async () => {
    const server = await RedisServer.start();
    undo.push(() => server.stop());
    const store = createRedisStore({ url: server.url, ...PATIENT });
    undo.push(() => store.close());
    let early = 0;
    // On a machine that holds the test up, few trials come in time.
    for (let trial = 0; early < 10; trial++) {
      if (trial === 1_000) throw new Error('this machine holds the test up each time');
      const key = limitKey('-', `wait-${trial}`);
      const first = await store.take(key, 2, 150);
      await sleep(trial % 20);
      await store.take(key, 2, 150);
      const asked = performance.now();
      const { allowed, retryAfterMs } = await store.take(key, 2, 150);
      // From here on the wait has begun at the latest.
      const from = performance.now();
      if (allowed) continue;
      const until = from + retryAfterMs;
      while (performance.now() < until - 10) await sleep(1);
      const leftThen = until - performance.now();
      const sooner = await store.take(key, 2, 150);
      // Too late to say: the call may have come after its time.
      const inTime = performance.now() < asked + retryAfterMs - 5;
      while (performance.now() < until) await sleep(1);
      const then = await store.take(key, 2, 150);
      if (!inTime) continue;
      early += 1;
      expect(sooner.allowed).toBe(false);
      expect(Math.abs(sooner.retryAfterMs - leftThen)).toBeLessThanOrEqual(10);
      expect(then.allowed).toBe(true);
      expect((then.stamp ?? 0) - (first.stamp ?? 0)).toBeGreaterThanOrEqual(150);
    }
  }, 600_000);
});
