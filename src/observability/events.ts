import { z } from 'zod';
import { ERROR_CODES } from '../errors.js';
import { PRIORITIES } from '../types.js';

/**
 * Everything that a client tells about a call, one schema an event. No prompt text, no answer text, no secret;
 * a user appears as a salted hash of his id.
 */
const base = {
  /** ISO 8601, UTC. */
  time: z.string(),
  requestId: z.string(),
  /** `intent`, …, or `chat`, `completion` for a call without a task. */
  task: z.string(),
  type: z.enum(['chat_completion', 'completion']),
  model: z.string(),
  scope: z.string(),
  /** 16 hex digits that stand for the user within one process (see redact.ts). */
  userHash: z.string().optional(),
};
const errorCode = z.enum(ERROR_CODES);
const ms = z.number().nonnegative();

export const LlmEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('llm_request'), ...base, promptChars: z.number() }),
  z.object({
    event: z.literal('llm_success'),
    ...base,
    latencyMs: ms,
    attempts: z.number(),
    inputTokens: z.number().optional(),
    outputTokens: z.number().optional(),
  }),
  z.object({ event: z.literal('llm_cache_hit'), ...base, latencyMs: ms, ageMs: ms }),
  z.object({ event: z.literal('llm_text_improved'), ...base, latencyMs: ms, cached: z.boolean() }),
  z.object({ event: z.literal('llm_rate_limit_exceeded'), ...base, retryAfterMs: ms }),
  z.object({ event: z.literal('llm_retry'), ...base, attempt: z.number(), delayMs: ms, error: errorCode }),
  z.object({ event: z.literal('llm_reask'), ...base, error: errorCode }),
  z.object({
    event: z.literal('llm_error'),
    ...base,
    latencyMs: ms,
    error: errorCode,
    status: z.number().optional(),
  }),
  z.object({ event: z.literal('llm_fallback'), ...base, latencyMs: ms, error: errorCode }),
  z.object({ event: z.literal('llm_disabled'), ...base }),
  z.object({ event: z.literal('llm_breaker_open'), ...base, retryAfterMs: ms }),
  z.object({ event: z.literal('llm_breaker_closed'), ...base }),
  z.object({
    event: z.literal('llm_queue_shed'),
    ...base,
    priority: z.enum(PRIORITIES),
    /** Calls that waited for the engine at that moment. */
    queued: z.number(),
    retryAfterMs: ms,
  }),
  z.object({ event: z.literal('llm_cache_write_skipped'), ...base, store: z.string() }),
  z.object({ event: z.literal('llm_store_degraded'), ...base, store: z.string() }),
  z.object({ event: z.literal('llm_store_recovered'), ...base, store: z.string() }),
]);
export type LlmEvent = z.infer<typeof LlmEvent>;
export type LlmEventName = LlmEvent['event'];

/** Gets every event as it happens; what it throws is ignored. */
export type EventSink = (event: LlmEvent) => void;
