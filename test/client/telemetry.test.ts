import { expect, it } from 'vitest';
import { createTelemetry } from '../../src/client/telemetry.js';
import { BotllmError } from '../../src/errors.js';
import { LlmEvent } from '../../src/observability/events.js';
import { createMetrics } from '../../src/observability/prometheus.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { silent } from '../support/fake-engine.js';
import { handClock } from './hand-clock.js';
import { bench, intent } from './setup.js';

it('a call that is turned away at the full queue is told of and counted, those in flight and in the queue are shown', async () => {
  const { llm, engine, events } = await bench({ maxConcurrency: 1, maxQueued: 1 });
  engine.answerWith(silent);
  const calls = ['a', 'b'].map((message) => llm.complete(intent(message), { userId: message }));
  const shed = await llm.complete(intent('c'), { userId: 'c', priority: 'batch' });
  expect(shed).toMatchObject({ source: 'fallback', error: { code: 'OVERLOADED' } });
  const event = events.find(({ event: name }) => name === 'llm_queue_shed');
  expect(LlmEvent.parse(event)).toMatchObject({ priority: 'batch', queued: 1 });
  const text = await llm.metricsText();
  expect(text).toContain('llm_in_flight 1');
  expect(text).toContain('llm_queue_length{priority="interactive"} 1');
  expect(text).toContain('llm_queue_wait_ms_count{priority="interactive"} 1');
  expect(text).toContain('llm_errors_total{model="m",error_type="overloaded"} 1');
  await llm.close({ drainMs: 0 });
  await Promise.all(calls);
  const after = await llm.metricsText();
  expect(after).toContain('llm_in_flight 0');
  expect(after).toContain('llm_queue_length{priority="interactive"} 0');
});

it('what a store fails at and what the limiter decides without it is counted, and told once', async () => {
  const gone = () => Promise.reject(new BotllmError('STORE_UNAVAILABLE', 'gone'));
  const store = { ...createMemoryStore(), cacheGet: gone, cachePut: gone, take: gone, lease: gone };
  const { llm, told } = await bench({ store: { ...store, kind: 'redis' }, rateLimit: 1 });
  for (const message of ['a', 'b']) await llm.complete(intent(message), { userId: 'u' });
  const text = await llm.metricsText();
  for (const op of ['cacheGet', 'take', 'lease'])
    expect(text).toMatch(new RegExp(`llm_store_errors_total\\{op="${op}"\\} [12]`));
  expect(text).toContain('llm_limiter_degraded_total 2');
  expect(told().filter((name) => name === 'llm_store_degraded')).toHaveLength(1);
});

it('answers that a full store does not keep are counted each, and told of once a minute', async () => {
  const clock = handClock();
  const events: LlmEvent[] = [];
  const metrics = createMetrics();
  const telemetry = createTelemetry({ scope: 's', clock, metrics, onEvent: (event) => events.push(event) });
  for (let second = 0; second < 120; second += 1) {
    telemetry.writeSkipped('redis');
    await clock.advance(1000);
  }
  expect(events.map((event) => LlmEvent.parse(event).event)).toEqual([
    'llm_cache_write_skipped',
    'llm_cache_write_skipped',
  ]);
  expect(await metrics.expose()).toContain('llm_cache_writes_skipped_total 120');
});
