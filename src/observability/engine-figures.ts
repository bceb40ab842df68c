import type { Distribution, Match, Samples } from './samples.js';

/** The families whose engines count for themselves; Ollama does not. The embedded engine has llama-server's names. */
export type CountingFamily = 'llamacpp' | 'vllm' | 'tgi';

/** What an engine counts, in one set of words for all families. What its family does not count is absent. */
export interface EngineFigures {
  family: CountingFamily;
  running?: number;
  waiting?: number;
  promptTokens?: number;
  outputTokens?: number;
  /** Of the memory for contexts, 0 to 1. */
  kvUse?: number;
  /** Time to the first token. TGI: the sum of its mean queue and prefill times. */
  ttftMs?: Pick<Distribution, 'mean' | 'p50' | 'p95' | 'p99'>;
  /** Between two tokens. llama-server: the mean since its start. */
  itlMs?: Pick<Distribution, 'mean' | 'p50' | 'p95' | 'p99'>;
  requestMs?: Distribution;
  succeeded?: number;
  failed?: number;
}

type Read = Omit<EngineFigures, 'family'>;
type Reader = (samples: Samples) => { [K in keyof Read]-?: Read[K] | undefined };

const FAMILIES: Readonly<Record<CountingFamily, { sign: string; read: Reader }>> = {
  llamacpp: {
    sign: 'llamacpp:tokens_predicted_total',
    read: (samples) => ({
      running: samples.sum('llamacpp:requests_processing'),
      waiting: samples.sum('llamacpp:requests_deferred'),
      promptTokens: samples.sum('llamacpp:prompt_tokens_total'),
      outputTokens: samples.sum('llamacpp:tokens_predicted_total'),
      // Older builds only.
      kvUse: samples.sum('llamacpp:kv_cache_usage_ratio'),
      ttftMs: undefined,
      itlMs: meanOf(
        samples.sum('llamacpp:tokens_predicted_seconds_total'),
        samples.sum('llamacpp:tokens_predicted_total'),
      ),
      requestMs: undefined,
      succeeded: undefined,
      failed: undefined,
    }),
  },
  vllm: {
    sign: 'vllm:num_requests_running',
    read: (samples) => ({
      running: samples.sum('vllm:num_requests_running'),
      waiting: samples.sum('vllm:num_requests_waiting'),
      promptTokens: samples.sum('vllm:prompt_tokens_total'),
      outputTokens: samples.sum('vllm:generation_tokens_total'),
      kvUse: samples.sum('vllm:kv_cache_usage_perc') ?? samples.sum('vllm:gpu_cache_usage_perc'),
      ttftMs: msOf(samples, 'vllm:time_to_first_token_seconds'),
      itlMs:
        msOf(samples, 'vllm:inter_token_latency_seconds') ??
        msOf(samples, 'vllm:time_per_output_token_seconds'),
      requestMs: msOf(samples, 'vllm:e2e_request_latency_seconds'),
      succeeded: samples.sum('vllm:request_success_total'),
      failed: samples.sum('http_requests_total', { status: (status) => /^[45]/.test(status) }),
    }),
  },
  tgi: {
    sign: 'tgi_queue_size',
    read: (samples) => ({
      running: samples.sum('tgi_batch_current_size'),
      waiting: samples.sum('tgi_queue_size'),
      promptTokens: samples.sum('tgi_request_input_length_sum'),
      outputTokens: samples.sum('tgi_request_generated_tokens_sum'),
      kvUse: ratio(samples.sum('tgi_batch_current_max_tokens'), samples.sum('tgi_batch_max_total_tokens')),
      ttftMs: sumOfMeans(
        msOf(samples, 'tgi_request_queue_duration'),
        msOf(samples, 'tgi_batch_inference_duration', { method: 'prefill' }),
      ),
      itlMs: msOf(samples, 'tgi_request_mean_time_per_token_duration'),
      requestMs: msOf(samples, 'tgi_request_duration'),
      succeeded: samples.sum('tgi_request_success'),
      failed: samples.sum('tgi_request_failure'),
    }),
  },
};

/** @returns undefined where no engine of a known family counts */
export function engineFigures(samples: Samples): EngineFigures | undefined {
  for (const family of ['llamacpp', 'vllm', 'tgi'] as const) {
    const { sign, read } = FAMILIES[family];
    if (samples.sum(sign) === undefined) continue;
    const known = Object.entries(read(samples)).filter(([, value]) => value !== undefined);
    return { family, ...Object.fromEntries(known) };
  }
  return undefined;
}

function msOf(samples: Samples, name: string, match: Match = {}): Distribution | undefined {
  const { count = 0, ...seconds } = samples.histogram(name, match) ?? {};
  if (count === 0) return undefined;
  const ms = Object.entries(seconds).map(([key, value]) => [key, value * 1000] as const);
  return { count, mean: 0, ...Object.fromEntries(ms) };
}

function meanOf(seconds: number | undefined, count: number | undefined): { mean: number } | undefined {
  if (seconds === undefined || count === undefined || count === 0) return undefined;
  return { mean: (seconds / count) * 1000 };
}

function sumOfMeans(...parts: (Distribution | undefined)[]): { mean: number } | undefined {
  let mean = 0;
  for (const part of parts) {
    if (!part) return undefined;
    mean += part.mean;
  }
  return { mean };
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole;
}
