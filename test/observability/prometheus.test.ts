import { execFileSync } from 'node:child_process';
import { Registry, register } from 'prom-client';
import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../../src/observability/metrics.js';
import { createMetrics } from '../../src/observability/prometheus.js';

const call = (more: Partial<CallRecord> = {}): CallRecord => ({
  type: 'chat_completion',
  model: 'phi3-mini',
  latencyMs: 12,
  cached: false,
  ...more,
});

/** The samples of an exposition, without comments. */
async function samples(text: Promise<string>): Promise<Map<string, number>> {
  const lines = (await text).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

describe('metrics', () => {
  test('have exactly the documented families, types and buckets', async () => {
    const metrics = createMetrics();
    metrics.record(call({ usage: { inputTokens: 5, outputTokens: 2 } }));
    metrics.record(call({ cached: true }));
    metrics.record(call({ error: 'TIMEOUT' }));
    const text = await metrics.expose();
    const types = text.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(types.sort()).toEqual([
      '# TYPE llm_cache_hits_total counter',
      '# TYPE llm_cache_writes_skipped_total counter',
      '# TYPE llm_errors_total counter',
      '# TYPE llm_in_flight gauge',
      '# TYPE llm_latency_ms histogram',
      '# TYPE llm_limiter_degraded_total counter',
      '# TYPE llm_queue_length gauge',
      '# TYPE llm_queue_wait_ms histogram',
      '# TYPE llm_requests_total counter',
      '# TYPE llm_store_errors_total counter',
      '# TYPE llm_tokens_total counter',
    ]);
    const bounds = [...text.matchAll(/llm_latency_ms_bucket\{le="([^"]+)",.*cached="true"/g)].map(
      ([, le]) => le,
    );
    expect(bounds[0]).toBe('1');
    expect(bounds.slice(-2)).toEqual(['60000', '+Inf']);
  });

  test('count a success, a hit and a failure as the documents say', async () => {
    const metrics = createMetrics();
    metrics.record(call({ usage: { inputTokens: 50, outputTokens: 7 } }));
    metrics.record(call({ cached: true, latencyMs: 0.4, usage: { inputTokens: 50, outputTokens: 7 } }));
    metrics.record(call({ error: 'RATE_LIMIT_EXCEEDED' }));
    metrics.record(call({ type: 'completion', error: 'ABORTED' }));
    metrics.record(call({ type: 'completion' }));
    metrics.record(call({ error: 'DISABLED' }));
    const got = await samples(metrics.expose());
    const expected = {
      'llm_requests_total{type="chat_completion",status="success"}': 2,
      'llm_requests_total{type="chat_completion",status="failed"}': 1,
      'llm_requests_total{type="completion",status="failed"}': 1,
      'llm_requests_total{type="completion",status="success"}': 1,
      'llm_tokens_total{model="phi3-mini",type="input"}': 50,
      'llm_tokens_total{model="phi3-mini",type="output"}': 7,
      'llm_cache_hits_total{model="phi3-mini"}': 1,
      'llm_errors_total{model="phi3-mini",error_type="rate_limit_exceeded"}': 1,
      'llm_errors_total{model="phi3-mini",error_type="aborted"}': 1,
      'llm_latency_ms_count{type="chat_completion",cached="false"}': 2,
      'llm_latency_ms_count{type="chat_completion",cached="true"}': 1,
      'llm_latency_ms_count{type="completion",cached="false"}': 2,
      'llm_latency_ms_sum{type="chat_completion",cached="true"}': 0.4,
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, got.get(name)]).toEqual([name, value]);
    const ofCalls = /^llm_(requests|tokens|cache_hits|errors)_total/;
    const counters = [...got.keys()].filter((name) => ofCalls.test(name));
    expect(counters.sort()).toEqual(
      Object.keys(expected)
        .filter((n) => !n.startsWith('llm_latency_ms'))
        .sort(),
    );
  });

  test('what is counted before prom-client is there is not lost', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 5_000; i++) metrics.record(call());
    const text = metrics.expose();
    metrics.record(call());
    const got = await samples(text);
    expect(got.get('llm_requests_total{type="chat_completion",status="success"}')).toBe(5_001);
    metrics.record(call());
    expect(
      (await samples(metrics.expose())).get('llm_requests_total{type="chat_completion",status="success"}'),
    ).toBe(5_002);
  });

  test('invented model names cannot fill memory', async () => {
    const metrics = createMetrics({ maxModels: 3 });
    for (let i = 0; i < 1_000; i++) metrics.record(call({ model: `m${i}`, cached: true }));
    const got = await samples(metrics.expose());
    const hits = [...got].filter(([name]) => name.startsWith('llm_cache_hits_total'));
    expect(hits).toHaveLength(4);
    expect(got.get('llm_cache_hits_total{model="other"}')).toBe(997);
  });

  test('count what happens to the guards', async () => {
    const metrics = createMetrics();
    for (const change of [1, 1, -1] as const) metrics.inFlight(change);
    for (const change of [1, 1, 1, -1] as const) metrics.queued('batch', change);
    metrics.waited('interactive', 0);
    metrics.waited('interactive', 300);
    metrics.storeFailed('cacheGet');
    metrics.writeSkipped();
    metrics.decidedLocally();
    const got = await samples(metrics.expose());
    const expected = {
      llm_in_flight: 1,
      'llm_queue_length{priority="batch"}': 2,
      'llm_queue_wait_ms_bucket{le="0",priority="interactive"}': 1,
      'llm_queue_wait_ms_bucket{le="500",priority="interactive"}': 2,
      'llm_queue_wait_ms_sum{priority="interactive"}': 300,
      'llm_store_errors_total{op="cacheGet"}': 1,
      llm_cache_writes_skipped_total: 1,
      llm_limiter_degraded_total: 1,
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, got.get(name)]).toEqual([name, value]);
  });

  test('each client has its own registry, a shared one counts together, the default one is untouched', async () => {
    const [one, two] = [createMetrics(), createMetrics()];
    one.record(call());
    one.inFlight(1);
    expect([...(await samples(two.expose())).values()].filter((value) => value !== 0)).toEqual([]);
    const registry = new Registry();
    const [three, four] = [createMetrics({ registry }), createMetrics({ registry })];
    three.record(call());
    four.record(call());
    three.inFlight(1);
    four.inFlight(1);
    await three.expose();
    const got = await samples(four.expose());
    expect(got.get('llm_in_flight')).toBe(2);
    expect(got.get('llm_requests_total{type="chat_completion",status="success"}')).toBe(2);
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  test('importing loads no prom-client; the first call does', () => {
    const url = new URL('../../dist/observability/prometheus.js', import.meta.url).href;
    const script = `
      import { createRequire } from 'node:module';
      const loaded = () => Object.keys(createRequire(import.meta.url).cache ?? {}).some((f) => f.includes('prom-client'));
      const { createMetrics } = await import(${JSON.stringify(url)});
      const metrics = createMetrics();
      const before = loaded();
      await metrics.expose();
      process.stdout.write(JSON.stringify([before, loaded()]));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual([false, true]);
  });
});
