import type { Sample } from '../observability/exposition.js';

/** The client's counters at one moment, over all models and all the addresses that were asked. */
export interface Counts {
  success: number;
  failed: number;
  hits: number;
  inputTokens: number;
  outputTokens: number;
  /** By `error_type`. */
  errors: Record<string, number>;
  /** Calls of at most so many milliseconds, by the bucket's bound. */
  buckets: Map<number, number>;
  inFlight: number;
  queued: number;
}

export function noCounts(): Counts {
  return {
    success: 0,
    failed: 0,
    hits: 0,
    inputTokens: 0,
    outputTokens: 0,
    errors: {},
    buckets: new Map(),
    inFlight: 0,
    queued: 0,
  };
}

/** Adds the samples of one address. */
export function count(into: Counts, samples: readonly Sample[]): void {
  for (const { name, labels, value } of samples) {
    if (name === 'llm_requests_total') into[labels.status === 'failed' ? 'failed' : 'success'] += value;
    else if (name === 'llm_cache_hits_total') into.hits += value;
    else if (name === 'llm_tokens_total')
      into[labels.type === 'input' ? 'inputTokens' : 'outputTokens'] += value;
    else if (name === 'llm_in_flight') into.inFlight += value;
    else if (name === 'llm_queue_length') into.queued += value;
    else if (name === 'llm_errors_total') {
      const type = labels.error_type ?? '';
      into.errors[type] = (into.errors[type] ?? 0) + value;
    } else if (name === 'llm_latency_ms_bucket') {
      const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
      into.buckets.set(bound, (into.buckets.get(bound) ?? 0) + value);
    }
  }
}

/** What was counted since; null where a counter went back, because a process began anew. */
export function since(now: Counts, then: Counts): Counts | null {
  const buckets = new Map([...now.buckets].map(([le, value]) => [le, value - (then.buckets.get(le) ?? 0)]));
  const errors = Object.fromEntries(
    Object.entries(now.errors).map(([type, value]) => [type, value - (then.errors[type] ?? 0)]),
  );
  const difference: Counts = {
    success: now.success - then.success,
    failed: now.failed - then.failed,
    hits: now.hits - then.hits,
    inputTokens: now.inputTokens - then.inputTokens,
    outputTokens: now.outputTokens - then.outputTokens,
    errors,
    buckets,
    inFlight: now.inFlight,
    queued: now.queued,
  };
  const wentBack = [difference.success, difference.failed, difference.hits, ...buckets.values()];
  return wentBack.some((value) => value < 0) ? null : difference;
}
