import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { test } from 'vitest';
import { RedisServer } from '../../test/support/redis-server.js';
import { botllm } from '../built.js';
import { pairs, quick, say } from '../options.js';
import { startProgram } from '../program.js';
import { Figure, report } from '../report.js';
import { latencies, percentile, rate } from '../timing.js';
import { question } from './questions.js';

/** A hit through the whole client, beside a GET of the same value by ioredis as it comes. */
const DIFFERENT = 64;
const CALLS = quick ? 1_000 : 5_000;
const AT_ONCE = 50;

test('cache hits', { timeout: 0 }, async () => {
  await using engine = startProgram('guards/engine.mjs');
  await using server = await RedisServer.start();
  const redis = new Redis(server.url);
  await using llm = botllm.createLlmClient({ baseUrl: await engine.line(), redisUrl: server.url });
  try {
    const asked = Array.from({ length: DIFFERENT }, (_, n) => question(n));
    for (const config of asked) await llm.complete(config);
    const keys = await keptKeys(redis);

    const ask = async (config: (typeof asked)[number] | undefined) => {
      const { source } = await llm.complete(config ?? question(0));
      if (source !== 'cache') throw new Error(`a hit came from ${source}`);
    };
    const hit = (i: number) => ask(asked[i % DIFFERENT]);
    const whole = (i: number) => ask(question(i % DIFFERENT));
    const get = (i: number) => redis.get(keys[i % DIFFERENT] ?? '');

    const p50 = new Figure('p50, ms', 'GET', { ratioAtMost: 1.6 });
    const p99 = new Figure('p99, ms', 'GET', { atMost: 2 });
    const built = new Figure('p50 with building the prompt, ms', 'GET');
    const many = new Figure(`hits/s, ${AT_ONCE} at once`, 'GET', { atLeast: 5_000 });
    const figures = [p50, p99, built, many];
    await latencies(CALLS, whole);
    await latencies(CALLS, get);
    for (let pair = 1; pair <= pairs; pair += 1) {
      const hits = await latencies(CALLS, hit);
      const gets = await latencies(CALLS, get);
      p50.add(percentile(hits, 50), percentile(gets, 50));
      p99.add(percentile(hits, 99), percentile(gets, 99));
      built.add(percentile(await latencies(CALLS, whole), 50), percentile(gets, 50));
      many.add(await rate(2 * CALLS, AT_ONCE, hit), await rate(2 * CALLS, AT_ONCE, get));
      say(`pair ${pair}: ${figures.map(({ newest }) => newest).join(' · ')}`);
    }
    report('a cache hit over Redis, the whole client', figures);
  } finally {
    redis.disconnect();
  }
});

/** A write is not waited for by the call that made it. */
async function keptKeys(redis: Redis): Promise<string[]> {
  for (;;) {
    const keys = await redis.keys('llm:cache:*');
    if (keys.length === DIFFERENT) return keys;
    await sleep(10);
  }
}
