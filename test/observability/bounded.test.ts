import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { seeded } from '../../src/bench/statistics/random.js';
import { createLlmClient } from '../../src/client/client.js';
import type { Transport } from '../../src/client/transport/contract.js';
import { ERROR_CODES } from '../../src/errors.js';
import type { StoreOperation } from '../../src/observability/metrics.js';
import { createMetrics } from '../../src/observability/prometheus.js';
import { PRIORITIES } from '../../src/types.js';
import { figure } from '../support/figure.js';

const SEED = 28;
const MOST_SERIES = 500;
const OPERATIONS: StoreOperation[] = ['cacheGet', 'cachePut', 'take', 'peek', 'refund', 'lease', 'release'];

const series = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

it(`a hundred thousand invented models, with every error there is, make at most ${MOST_SERIES} series, and no more later (seed ${SEED})`, async () => {
  const random = seeded(SEED);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const registry = new Registry();
  const clients = Array.from({ length: 10 }, () => createMetrics({ registry }));
  const counts: number[] = [];
  for (let i = 0; i < 100_000; i += 1) {
    const metrics = pick(clients);
    metrics.record({
      type: pick(['chat_completion', 'completion']),
      // Some come again and again, so that each meets every error.
      model: `model-${Math.floor(random() * (random() < 0.5 ? 30 : 1e9))}`,
      latencyMs: random() * 100_000,
      cached: random() < 0.3,
      ...(random() < 0.5
        ? { error: pick(ERROR_CODES) }
        : { usage: { inputTokens: Math.floor(random() * 1000), outputTokens: 10 } }),
    });
    metrics.waited(pick(PRIORITIES), random() * 100_000);
    metrics.queued(pick(PRIORITIES), pick([1, -1]));
    metrics.inFlight(pick([1, -1]));
    metrics.storeFailed(pick(OPERATIONS));
    metrics.writeSkipped();
    metrics.decidedLocally();
    if (i % 20_000 === 19_999) counts.push(series(await metrics.expose()).length);
  }
  figure(`${counts.at(-1)} series`);
  expect(new Set(counts).size).toBe(1);
  expect(counts[0]).toBeLessThanOrEqual(MOST_SERIES);
});

it('users, scopes, questions and answers are nowhere in the metrics', async () => {
  const random = seeded(SEED);
  const registry = new Registry();
  let answer = 0;
  const transport: Transport = {
    async send() {
      answer += 1;
      if (answer % 3 === 0)
        return { status: 400, header: () => null, body: { error: { message: 'canary' } } };
      const choices = [{ message: { content: `canary answer ${answer}` }, finish_reason: 'stop' }];
      return { status: 200, header: () => null, body: { choices } };
    },
    stream: () => Promise.reject(new Error('unused')),
    close: async () => {},
  };
  const clients = Array.from({ length: 20 }, (_, i) =>
    createLlmClient({
      transport,
      registry,
      scope: `canary-scope-${i}`,
      store: 'memory',
      detect: false,
      rateLimit: 2,
    }),
  );
  for (let i = 0; i < 4000; i += 1) {
    const llm = clients[Math.floor(random() * clients.length)];
    const content = `canary question ${i}`;
    const userId = `canary-user-${Math.floor(random() * 500)}`;
    await llm
      ?.chat({ messages: [{ role: 'user', content }] }, { userId, requestId: `canary-${i}` })
      .catch(() => {});
  }
  const text = (await clients[0]?.metricsText()) ?? '';
  await Promise.all(clients.map((llm) => llm.close()));
  expect(text).not.toContain('canary');
  for (const told of ['status="success"', 'rate_limit_exceeded', 'invalid_request'])
    expect(text).toContain(told);
  expect(series(text).length).toBeLessThanOrEqual(MOST_SERIES);
});
