import { z } from 'zod';

const whole = z.number().int();

export const BotTask = z.enum(['intent', 'validate', 'menu', 'improve']);
export type BotTask = z.infer<typeof BotTask>;

/** Texts that are asked: made of a seed, so that a report can be measured again with the same. */
export const Workload = z.discriminatedUnion('kind', [
  /** Prompts of about so many tokens, answers of at most so many. */
  z.object({
    kind: z.literal('synthetic'),
    promptTokens: whole.min(8),
    outputTokens: whole.min(1),
    language: z.enum(['en', 'ru']),
  }),
  /** What the product itself asks, one task after the other. */
  z.object({
    kind: z.literal('bot'),
    tasks: z.array(BotTask).min(1),
  }),
]);
export type Workload = z.infer<typeof Workload>;

export const LoadSpec = z.discriminatedUnion('kind', [
  /** So many at any time: each slot sends its next request when the one before it ended. */
  z.object({ kind: z.literal('closed'), concurrency: whole.min(1) }),
  /** At moments of their own, whatever the engine does. */
  z.object({
    kind: z.literal('open'),
    requestRate: z.number().positive(),
    arrival: z.enum(['constant', 'poisson']),
  }),
  /** At these milliseconds after the start. */
  z.object({ kind: z.literal('arrivals'), atMs: z.array(z.number().nonnegative()).min(1) }),
]);
export type LoadSpec = z.infer<typeof LoadSpec>;

/** One load level: everything that the measuring process needs to know. Times are milliseconds. */
export const LoadPlan = z.object({
  /** Without `/v1` and without a slash at the end. */
  root: z.string(),
  apiKey: z.string().optional(),
  model: z.string(),
  dialect: z.enum(['llamacpp', 'vllm', 'tgi', 'ollama', 'openai']),
  /** `engine`: plain HTTP; `client`: through our own client with its guards; `gateway`: `root` is a gateway's. */
  via: z.enum(['engine', 'client', 'gateway']),
  workload: Workload,
  load: LoadSpec,
  /** Every prompt begins with a nonce of its own, so that no request finds another's prefix in a cache. */
  cold: z.boolean(),
  /** Requests that end before the first measured one begins. */
  warmup: whole.min(0),
  /** Requests that are sent first and never measured, however long they take. */
  burst: whole.min(0).optional(),
  runs: whole.min(1),
  /** More runs, up to so many, until the intervals are within `ciTarget`. */
  maxRuns: whole.min(1).optional(),
  /** Half of an interval, as a share of its mean. */
  ciTarget: z.number().nonnegative().optional(),
  requestsPerRun: whole.min(1),
  /** A run also ends after this time, with at least five requests. */
  runMs: z.number().positive().optional(),
  timeoutMs: z.number().positive(),
  seed: whole,
  /** Fields of every request beside those that the family has. */
  extraBody: z.record(z.string(), z.unknown()).optional(),
  /** Ask for answers of exactly the length, whatever the family is known to understand. */
  exact: z.boolean().optional(),
  /** Goes into every nonce: another report never repeats a prompt of this one. */
  reportId: z.string(),
  /** Characters a token, as far as they are known from before. */
  charactersPerToken: z.number().positive().optional(),
  /** An open loop gives up when so many are on their way. */
  maxInFlight: whole.min(1),
});
export type LoadPlan = z.infer<typeof LoadPlan>;

/** What the figures of a level depend on, beside its requests. */
export type LevelFacts = Pick<LoadPlan, 'workload' | 'load' | 'via' | 'cold' | 'ciTarget'>;
