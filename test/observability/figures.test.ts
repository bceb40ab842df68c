import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { EngineMetrics } from '../../src/engines/embedded/serve/engine-metrics.js';
import { clientFigures } from '../../src/observability/client-figures.js';
import { engineFigures } from '../../src/observability/engine-figures.js';
import { parseExposition } from '../../src/observability/exposition.js';
import { createMetrics } from '../../src/observability/prometheus.js';
import { Samples } from '../../src/observability/samples.js';

const samples = (text: string) => new Samples(parseExposition(text));

describe('the text of Prometheus', () => {
  it('is read the way prom-client writes it, whatever the labels hold', async () => {
    const registry = new Registry();
    const nasty = ['plain', 'with "quotes"', 'back\\slash', 'new\nline', 'n\\n', '} , = {', 'ключ 😊', ''];
    const counter = new Counter({
      name: 'c',
      help: 'a\\b\nc',
      labelNames: ['x', 'y'],
      registers: [registry],
    });
    for (const [index, x] of nasty.entries()) counter.inc({ x, y: 'z' }, index + 1);
    const gauge = new Gauge({ name: 'g', help: 'h', registers: [registry] });
    gauge.set(-1.5e-7);
    const read = parseExposition(await registry.metrics());
    expect(read).toEqual([
      ...nasty.map((x, index) => ({ name: 'c', labels: { x, y: 'z' }, value: index + 1 })),
      { name: 'g', labels: {}, value: -1.5e-7 },
    ]);
  });

  it('reads times, blanks, infinities and NaN', () => {
    expect(parseExposition('a 1 1700000000000\n b{ x = "1" , } +Inf\nc{}-Inf\n\n# EOF\nd NaN')).toEqual([
      { name: 'a', labels: {}, value: 1 },
      { name: 'b', labels: { x: '1' }, value: Number.POSITIVE_INFINITY },
      { name: 'c', labels: {}, value: Number.NEGATIVE_INFINITY },
      { name: 'd', labels: {}, value: Number.NaN },
    ]);
  });

  it.each(['<html>', 'a', 'a{x="1" 2', 'a{x=1} 2', 'a one', '{"json": true}', 'a{x="1"}'])(
    'refuses what is none: %s',
    (line) => expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow(/^line 2: /),
  );
});

describe('the figures of guarded clients', () => {
  it('come out as they were counted', async () => {
    const metrics = createMetrics();
    const call = { type: 'chat_completion', model: 'm', cached: false } as const;
    for (const latencyMs of [3, 30, 300, 3_000]) {
      metrics.record({ ...call, latencyMs, usage: { inputTokens: 10, outputTokens: 2 } });
    }
    metrics.record({ ...call, latencyMs: 1, cached: true });
    metrics.record({ ...call, latencyMs: 45_000, error: 'TIMEOUT' });
    metrics.inFlight(1);
    metrics.queued('batch', 1);
    metrics.storeFailed('take');
    expect(clientFigures(samples(await metrics.expose()))).toMatchObject({
      requests: { success: 5, failed: 1, byType: { chat_completion: 6 } },
      latencyMs: { cached: { count: 1 }, asked: { count: 5, mean: (3_333 + 45_000) / 5 } },
      cache: { hits: 1, ratio: 0.2 },
      tokens: { m: { input: 40, output: 8 } },
      errors: { timeout: 1 },
      inFlight: 1,
      waiting: { batch: 1 },
      store: { errors: 1, skippedWrites: 0, localDecisions: 0 },
    });
  });

  it('are none where nobody counts', () => {
    expect(clientFigures(samples('up 1'))).toBeUndefined();
    expect(engineFigures(samples('up 1'))).toBeUndefined();
  });

  it('quantiles are those of histogram_quantile, which beyond the last bound gives that bound', () => {
    const text =
      'h_bucket{le="10"} 50\nh_bucket{le="20"} 90\nh_bucket{le="+Inf"} 100\nh_sum 1500\nh_count 100';
    expect(samples(text).histogram('h')).toEqual({ count: 100, mean: 15, p50: 10, p95: 20, p99: 20 });
    const half = text.replace('le="10"} 50', 'le="10"} 40');
    expect(samples(half).histogram('h')?.p50).toBe(12);
    expect(samples('h_bucket{le="+Inf"} 0\nh_sum 0\nh_count 0').histogram('h')).toBeUndefined();
  });

  it('of several processes add up', () => {
    const one = 'llm_requests_total{type="completion",status="success"} 3\nllm_in_flight 1';
    const figures = clientFigures(samples(`${one}\n${one}`));
    expect(figures).toMatchObject({ requests: { success: 6 }, inFlight: 2 });
  });
});

describe('the figures of engines', () => {
  it('the embedded engine is read by llama-server’s names', async () => {
    const metrics = new EngineMetrics(() => ({ busy: 2, queued: 3 }));
    metrics.finished({
      promptTokens: 100,
      promptMs: 500,
      predictedTokens: 20,
      predictedMs: 400,
      cachedTokens: 7,
    });
    expect(engineFigures(samples(await metrics.registry.metrics()))).toEqual({
      family: 'llamacpp',
      running: 2,
      waiting: 3,
      promptTokens: 100,
      outputTokens: 20,
      itlMs: { mean: 20 },
    });
  });

  it('vLLM, its newer and older names', () => {
    const text = [
      'vllm:num_requests_running{model_name="m",engine="0"} 4',
      'vllm:num_requests_waiting{model_name="m",engine="0"} 1',
      'vllm:kv_cache_usage_perc{model_name="m"} 0.25',
      'vllm:prompt_tokens_total{model_name="m"} 1000',
      'vllm:generation_tokens_total{model_name="m"} 200',
      'vllm:time_to_first_token_seconds_bucket{le="0.1"} 10',
      'vllm:time_to_first_token_seconds_bucket{le="+Inf"} 10',
      'vllm:time_to_first_token_seconds_sum 0.5',
      'vllm:time_to_first_token_seconds_count 10',
      'vllm:time_per_output_token_seconds_sum 2',
      'vllm:time_per_output_token_seconds_count 100',
      'vllm:request_success_total{finished_reason="stop"} 9',
      'vllm:request_success_total{finished_reason="length"} 1',
      'http_requests_total{status="2xx"} 10',
      'http_requests_total{status="4xx"} 2',
    ].join('\n');
    const figures = engineFigures(samples(text));
    expect(figures).toMatchObject({
      family: 'vllm',
      running: 4,
      waiting: 1,
      kvUse: 0.25,
      succeeded: 10,
      failed: 2,
    });
    expect(figures?.ttftMs).toMatchObject({ mean: 50, p50: 50, p95: 95 });
    expect(figures?.itlMs?.mean).toBe(20);
    const older = engineFigures(samples(text.replace('kv_cache_usage', 'gpu_cache_usage')));
    expect(older?.kvUse).toBe(0.25);
  });

  it('TGI, whose first token is queue and prefill', () => {
    const mean = (name: string, seconds: number, labels = '') =>
      `${name}_sum${labels} ${seconds * 4}\n${name}_count${labels} 4`;
    const figures = engineFigures(
      samples(
        [
          'tgi_queue_size 2\ntgi_batch_current_size 3\ntgi_batch_current_max_tokens 50\ntgi_batch_max_total_tokens 200',
          mean('tgi_request_queue_duration', 0.125),
          mean('tgi_batch_inference_duration', 0.25, '{method="prefill"}'),
          mean('tgi_batch_inference_duration', 9, '{method="decode"}'),
          mean('tgi_request_mean_time_per_token_duration', 0.03125),
          'tgi_request_success 8\ntgi_request_failure{err="overloaded"} 1',
        ].join('\n'),
      ),
    );
    expect(figures).toEqual({
      family: 'tgi',
      running: 3,
      waiting: 2,
      kvUse: 0.25,
      ttftMs: { mean: 375 },
      itlMs: { count: 4, mean: 31.25 },
      succeeded: 8,
      failed: 1,
    });
  });

  it('a histogram without observations gives no figure', async () => {
    const registry = new Registry();
    new Histogram({ name: 'x', help: 'h', registers: [registry] });
    expect(samples(await registry.metrics()).histogram('x')).toBeUndefined();
  });
});
