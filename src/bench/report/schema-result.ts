import { z } from 'zod';
import { METRIC_NAMES } from './metrics.js';

/** All requests of a load level in one heap. A percentile that so few cannot carry is absent. */
export const Pooled = z.object({
  n: z.number().int().nonnegative(),
  min: z.number().optional(),
  p50: z.number().optional(),
  p90: z.number().optional(),
  p95: z.number().optional(),
  p99: z.number().optional(),
  max: z.number().optional(),
});
export type Pooled = z.infer<typeof Pooled>;

/** One figure. The unit of replication is the run: mean and interval are over the runs' own values. */
export const Metric = z.object({
  /** One value a run: the median of its requests, or its rate. */
  runs: z.array(z.number()),
  mean: z.number().optional(),
  /** Student's t, 95 %; absent with fewer than two runs. */
  ci95: z.tuple([z.number(), z.number()]).optional(),
  /** Sample deviation over mean. */
  cv: z.number().optional(),
  pooled: Pooled.optional(),
  /** The requests' values, run by run: what `compare` resamples. */
  samples: z.array(z.array(z.number())).optional(),
});
export type Metric = z.infer<typeof Metric>;

export const Load = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('closed'), concurrency: z.number().int().positive() }),
  z.object({
    kind: z.literal('open'),
    /** Requests per second. */
    request_rate: z.number().positive(),
    arrival: z.enum(['constant', 'poisson']),
  }),
]);
export type Load = z.infer<typeof Load>;

const Tokens = z.object({
  source: z.enum(['usage', 'token_ids', 'tokenize', 'estimated']),
  prompt_mean: z.number().optional(),
  /** Share of the prompts' tokens that the engine had from before. */
  cached_share: z.number().optional(),
  /** The engine tells what it took from its cache, so a cold run is proven cold. */
  cache_verified: z.boolean().optional(),
  out_mean: z.number().optional(),
  chunks_per_token: z.number().optional(),
  /** How the answers ended. */
  finish: z.record(z.string(), z.number().int()).optional(),
  /** Answers shorter than asked for. */
  short: z.number().int().optional(),
});

const Goodput = z.object({
  /** Limits in milliseconds by name: `ttft`, `tpot`, `e2el`. */
  slo: z.record(z.string(), z.number()),
  good: z.number().int(),
  /** Errors and timeouts are among them. */
  attempted: z.number().int(),
  fraction: z.number(),
  per_s: z.number(),
});

export const FLAGS = [
  /** The first half of the requests and the second differ by more than a tenth. */
  'drift',
  /** The program that measures was late itself. */
  'client_limited',
  /** The engine does not tell what it took from its prompt cache. */
  'cache_unverified',
  /** Prompts were answered from the cache although cold ones were asked for. */
  'cache_hit',
  /** Tokens were guessed from pieces of the stream. */
  'tokens_estimated',
  'first_chunk_assumed',
  'short_answers',
  /** Fewer runs than an interval deserves. */
  'indicative',
  /** The intervals stayed wider than asked for, in as many runs as were allowed. */
  'inexact',
  /** The load could not be kept up with. */
  'backlog',
  'errors',
] as const;

/** One workload at one load level. */
export const Result = z.object({
  /** `synthetic`, or `bot/intent` and its like. */
  workload: z.string(),
  load: Load,
  /** What lay between: nothing, our client with its guards, our gateway. */
  via: z.enum(['engine', 'client', 'gateway']).optional(),
  /** Whether prompts shared their beginning (`warm`), so that a prompt cache could answer for it, or none did. */
  prefix: z.enum(['cold', 'warm']).optional(),
  phase: z.object({
    warmup: z.number().int(),
    measured: z.number().int(),
    ramp_dropped: z.number().int().optional(),
    /** Seconds of the steady phase. */
    seconds: z.number().optional(),
  }),
  tokens: Tokens,
  metrics: z.partialRecord(z.enum(METRIC_NAMES), Metric),
  server_timings: z
    .object({ predicted_per_second: z.number(), prompt_per_second: z.number(), delta_pct: z.number() })
    .partial()
    .optional(),
  goodput: Goodput.optional(),
  /** How late the measuring process itself was at this level. */
  event_loop_delay_ms: z.object({ p99: z.number(), max: z.number() }).optional(),
  errors: z.object({ total: z.number().int(), by: z.record(z.string(), z.number().int()) }),
  flags: z.array(z.enum(FLAGS)),
  absent: z.record(z.string(), z.string()).optional(),
});
export type Result = z.infer<typeof Result>;
