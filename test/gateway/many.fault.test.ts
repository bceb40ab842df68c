import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';
import { RedisServer, redisIsMissing } from '../support/redis-server.js';
import { type ServeProcess, serveAs } from './served.js';

const LIMIT = 7;
const GATEWAYS = 3;
/** Who waits asks for himself after half of his deadline at the latest; a lease lives 1.5 s. */
const LEASE_MS = 1500;
const DEADLINE_MS = 240_000;
const DEADLINE = `${DEADLINE_MS}ms`;

describe.skipIf(redisIsMissing)('three gateways over one Redis and one engine', () => {
  let redis: RedisServer;
  let engine: FakeEngineProcess;
  const operators: Operator[] = [];
  const gateways: ServeProcess[] = [];
  const start = async () => {
    // Each with a home of its own, as on another machine: only Redis is shared.
    const operator = await Operator.create({
      LLM_BASE_URL: engine.url,
      REDIS_URL: redis.url,
      LLM_RATE_LIMIT: `${LIMIT}`,
      LLM_DEADLINE: DEADLINE,
      LLM_TIMEOUT: DEADLINE,
    });
    operators.push(operator);
    gateways.push(await serveAs(operator));
  };
  const ask = async (n: number, content: string, user?: string) => {
    const body = JSON.stringify({ messages: [{ role: 'user', content }], user });
    const response = await fetch(`${gateways[n]?.url}/v1/chat/completions`, { method: 'POST', body });
    const json = (await response.json()) as { choices?: { message: { content: string } }[] };
    return {
      status: response.status,
      source: response.headers.get('x-botllm-source'),
      left: response.headers.get('ratelimit'),
      content: json.choices?.[0]?.message.content,
    };
  };

  beforeAll(async () => {
    [redis, engine] = await Promise.all([RedisServer.start(), FakeEngineProcess.start()]);
    for (let n = 0; n < GATEWAYS; n += 1) await start();
  });
  beforeEach(async () => {
    await engine.behave({ delayMs: 0 });
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    await engine?.kill();
    for (const operator of operators) await operator[Symbol.asyncDispose]();
    await redis?.stop();
  });

  /**
   * On a machine so busy that a gateway does not hear its Redis in time, each goes by itself: that is another promise.
   * So what is tried counts only where nobody missed its Redis meanwhile.
   */
  async function heard<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 20; ; tries -= 1) {
      const before = await misses();
      const made = await attempt();
      if ((await misses()) === before) return made;
      if (tries === 1) throw new Error('Redis was not heard in time, again and again');
    }
  }
  async function misses(): Promise<number> {
    const texts = gateways.map(async ({ url }) => (await fetch(`${url}/metrics`)).text());
    const all = (await Promise.all(texts)).join('\n');
    const counts = all.matchAll(/^llm_(?:limiter_degraded|store_errors)_total(?:\{.*\})? (\d+)/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it('let a user pass exactly as often as he may, however his calls are spread', async () => {
    const statuses = await heard(async () => {
      const user = randomUUID();
      const calls = Array.from({ length: GATEWAYS * LIMIT }, (_, n) => ask(n % GATEWAYS, randomUUID(), user));
      return (await Promise.all(calls)).map(({ status }) => status);
    });
    expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
    expect(statuses.filter((status) => status === 429)).toHaveLength(GATEWAYS * LIMIT - LIMIT);
  });

  it('tell what is left of his quota, whoever counted it', async () => {
    const left = await heard(async () => {
      const user = randomUUID();
      const fields: (string | null)[] = [];
      for (let n = 0; n < GATEWAYS; n += 1) fields.push((await ask(n, randomUUID(), user)).left);
      return fields;
    });
    expect(left.map((field) => /r=(\d+)/.exec(field ?? '')?.[1])).toEqual(['6', '5', '4']);
  });

  it('find in the cache what another has asked', async () => {
    const answers = await heard(async () => {
      const text = randomUUID();
      return [await ask(0, text), await ask(1, text), await ask(2, text)];
    });
    expect(answers.map(({ source }) => source)).toEqual(['model', 'cache', 'cache']);
    expect(new Set(answers.map(({ content }) => content)).size).toBe(1);
  });

  it('ask the engine once for what is asked of all of them at once', async () => {
    await engine.behave({ delayMs: 400 });
    const [statuses, asked] = await heard(async () => {
      const text = randomUUID();
      const { posts } = await engine.stats();
      const calls = Array.from({ length: 4 * GATEWAYS }, (_, n) => ask(n % GATEWAYS, text));
      const answers = await Promise.all(calls);
      return [answers.map(({ status }) => status), (await engine.stats()).posts - posts] as const;
    });
    expect([new Set(statuses), asked]).toEqual([new Set([200]), 1]);
  });

  it('wait for one that works, but for one that was killed no longer than its lease lasts', async () => {
    const { lost, waiting, asked } = await heard(async () => {
      const text = randomUUID();
      const { posts } = await engine.stats();
      const asked = async () => (await engine.stats()).posts - posts;
      await engine.behave({ delayMs: 600_000 });
      const lost = ask(0, text).catch(() => 'lost');
      await eventually(async () => ((await asked()) === 1 ? true : undefined));
      await engine.behave({ delayMs: 0 });
      const waiting = [ask(1, text), ask(2, text)];
      await sleep(2 * LEASE_MS);
      return { lost, waiting, asked };
    });
    expect(await asked()).toBe(1);

    const killedAt = Date.now();
    await gateways[0]?.stop('SIGKILL');
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect(Date.now() - killedAt).toBeLessThan(DEADLINE_MS / 4);
    expect(await lost).toBe('lost');
    // One of the two took the dead one's place; the other had his answer.
    expect(await asked()).toBe(2);
  });
});
