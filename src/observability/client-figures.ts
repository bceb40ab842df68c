import type { Distribution, Samples } from './samples.js';

/** What guarded clients counted since they started; milliseconds. A figure that nobody counted is absent. */
export interface ClientFigures {
  requests: { success: number; failed: number; byType: Record<string, number> };
  latencyMs: { cached?: Distribution; asked?: Distribution };
  /** `ratio`: hits of all successes. */
  cache: { hits: number; ratio?: number };
  tokens: Record<string, { input: number; output: number }>;
  /** By `error_type`. */
  errors: Record<string, number>;
  inFlight?: number;
  /** By priority. */
  waiting: Record<string, number>;
  queueWaitMs?: Distribution;
  store: { errors: number; skippedWrites: number; localDecisions: number };
}

/** @returns undefined where no guarded client counts */
export function clientFigures(samples: Samples): ClientFigures | undefined {
  if (samples.sum('llm_requests_total') === undefined && samples.sum('llm_latency_ms_count') === undefined) {
    return undefined;
  }
  const count = (name: string, match = {}) => samples.sum(name, match) ?? 0;
  const success = count('llm_requests_total', { status: 'success' });
  const hits = count('llm_cache_hits_total');
  const cached = samples.histogram('llm_latency_ms', { cached: 'true' });
  const asked = samples.histogram('llm_latency_ms', { cached: 'false' });
  const inFlight = samples.sum('llm_in_flight');
  const queueWaitMs = samples.histogram('llm_queue_wait_ms');
  return {
    requests: {
      success,
      failed: count('llm_requests_total', { status: 'failed' }),
      byType: samples.by('llm_requests_total', 'type'),
    },
    latencyMs: { ...(cached && { cached }), ...(asked && { asked }) },
    cache: { hits, ...(success > 0 && { ratio: hits / success }) },
    tokens: tokensOf(samples),
    errors: samples.by('llm_errors_total', 'error_type'),
    ...(inFlight !== undefined && { inFlight }),
    waiting: samples.by('llm_queue_length', 'priority'),
    ...(queueWaitMs && { queueWaitMs }),
    store: {
      errors: count('llm_store_errors_total'),
      skippedWrites: count('llm_cache_writes_skipped_total'),
      localDecisions: count('llm_limiter_degraded_total'),
    },
  };
}

function tokensOf(samples: Samples): ClientFigures['tokens'] {
  const input = samples.by('llm_tokens_total', 'model', { type: 'input' });
  const output = samples.by('llm_tokens_total', 'model', { type: 'output' });
  const models = new Set([...Object.keys(input), ...Object.keys(output)]);
  return Object.fromEntries(
    [...models].map((model) => [model, { input: input[model] ?? 0, output: output[model] ?? 0 }]),
  );
}
