import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createLlmClient, type LlmClient } from '../../src/client/client.js';
import { EngineMetrics } from '../../src/engines/embedded/serve/engine-metrics.js';
import { createGateway } from '../../src/gateway/gateway.js';
import { freePort } from './cli.js';
import { completion, type FakeEngine, refuse, startFakeEngine } from './fake-engine.js';

/** A gateway that has been through everything, and an engine of each family that counts. */
export interface WatchedWorld extends AsyncDisposable {
  /** `host:port` of the gateway. */
  gateway: string;
  /** `host:port` of the engines, each under a path with its family's name. */
  engines: string;
  /** Some more of everything. */
  live(): Promise<void>;
}

export async function startWatchedWorld(): Promise<WatchedWorld> {
  const registry = new Registry();
  const engine = await startFakeEngine();
  const common = { baseUrl: engine.url, model: 'm', registry, maxRetries: 0, maxConcurrency: 1 } as const;
  const llm = createLlmClient({ ...common, store: 'memory', rateLimit: 1 });
  // Its store is away.
  const storeless = createLlmClient({ ...common, redisUrl: `redis://127.0.0.1:${await freePort()}` });
  const gateway = createGateway({ llm });
  const { url } = await gateway.listen({ port: 0 });
  const families = { llamacpp: llamaCpp(), vllm: vllm(), tgi: tgi() };
  const server = createServer(async (request, response) => {
    const family = families[(request.url ?? '').slice(1) as keyof typeof families];
    response.writeHead(family ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(family && (await family.registry.metrics()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    gateway: new URL(url).host,
    engines: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async live() {
      await Promise.all([
        callEverything(llm, storeless, engine),
        ...Object.values(families).map(({ live }) => live()),
      ]);
    },
    async [Symbol.asyncDispose]() {
      await gateway.close({ drainMs: 0 });
      await Promise.all([llm.close(), storeless.close()]);
      await engine.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

let said = 0;
async function callEverything(llm: LlmClient, storeless: LlmClient, engine: FakeEngine): Promise<void> {
  const fresh = () => [{ role: 'user' as const, content: `question ${said++}` }];
  const same = [{ role: 'user' as const, content: 'the same' }];
  engine.answerWith(completion('fine', { delayMs: 20 }));
  await llm.chat({ messages: same });
  const calls = [
    llm.chat({ messages: same }),
    llm.chat({ messages: fresh() }, { priority: 'batch' }),
    llm.chat({ messages: fresh() }, { priority: 'improve' }),
    llm.completePrompt({ prompt: `text ${said++}` }),
    storeless.chat({ messages: fresh() }, { userId: '1' }),
  ];
  await Promise.allSettled(calls);
  engine.script(refuse(400));
  await Promise.allSettled([llm.chat({ messages: fresh() })]);
  // The second call of this minute.
  await Promise.allSettled([1, 2].map(() => llm.chat({ messages: fresh() }, { userId: '7' })));
}

function llamaCpp() {
  const metrics = new EngineMetrics(() => ({ busy: 1, queued: 2 }));
  const timings = {
    promptTokens: 90,
    promptMs: 300,
    predictedTokens: 20,
    predictedMs: 500,
    cachedTokens: 40,
  };
  return { registry: metrics.registry, live: () => metrics.finished(timings) };
}

/** The names of vLLM that the dashboard and the alerts use. */
function vllm() {
  const registry = new Registry();
  const on = { registers: [registry], help: 'h' };
  const running = new Gauge({ ...on, name: 'vllm:num_requests_running' });
  const waiting = new Gauge({ ...on, name: 'vllm:num_requests_waiting' });
  const kv = new Gauge({ ...on, name: 'vllm:kv_cache_usage_perc' });
  const prompt = new Counter({ ...on, name: 'vllm:prompt_tokens_total' });
  const output = new Counter({ ...on, name: 'vllm:generation_tokens_total' });
  const times = [
    'vllm:time_to_first_token_seconds',
    'vllm:inter_token_latency_seconds',
    'vllm:e2e_request_latency_seconds',
  ];
  const histograms = times.map((name) => new Histogram({ ...on, name, buckets: [0.01, 0.1, 1, 10] }));
  const live = () => {
    running.set(2);
    waiting.set(1);
    kv.set(0.4);
    prompt.inc(100);
    output.inc(30);
    for (const one of histograms) one.observe(0.05);
  };
  return { registry, live };
}

/** And those of TGI. */
function tgi() {
  const registry = new Registry();
  const on = { registers: [registry], help: 'h' };
  const gauges = [
    'tgi_queue_size',
    'tgi_batch_current_size',
    'tgi_batch_current_max_tokens',
    'tgi_batch_max_total_tokens',
  ];
  const sizes = gauges.map((name) => new Gauge({ ...on, name }));
  const names = [
    'tgi_request_duration',
    'tgi_request_queue_duration',
    'tgi_request_mean_time_per_token_duration',
    'tgi_request_generated_tokens',
    'tgi_request_input_length',
  ];
  const histograms = names.map((name) => new Histogram({ ...on, name, buckets: [0.01, 0.1, 1, 10, 100] }));
  const batch = new Histogram({ ...on, name: 'tgi_batch_inference_duration', labelNames: ['method'] });
  const live = () => {
    for (const size of sizes) size.set(3);
    for (const one of histograms) one.observe(0.05);
    batch.observe({ method: 'prefill' }, 0.02);
    batch.observe({ method: 'decode' }, 0.5);
  };
  return { registry, live };
}
