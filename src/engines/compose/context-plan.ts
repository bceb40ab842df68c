import type { ResolvedModel } from '../../models/resolve.js';

/** The longest request that is planned for: enough for the longest prompt that the guards let through. */
export const REQUEST_TOKENS = 4_096;
/** KV cache that a model gets unasked. */
const UNASKED_KV_BYTES = 1.5 * 1024 ** 3;
const UNASKED_SLOTS = 4;

/**
 * How many requests share a number of tokens, and how many each may use. MAX_BATCH_TOTAL_TOKENS is the pool of
 * all requests: 8192 for a model of 4,096 are two requests at once, not a longer one. Unasked, a model gets as
 * many slots, up to 4, as its KV cache has room for in 1.5 GiB; one where its size is not known.
 */
export function contextPlan(model: ResolvedModel, totalTokens?: number): { context: number; slots: number } {
  const entry = model.kind === 'catalogue' ? model.entry : undefined;
  const longest = Math.min(entry?.context ?? REQUEST_TOKENS, REQUEST_TOKENS);
  if (totalTokens !== undefined) {
    return {
      context: Math.min(longest, totalTokens),
      slots: Math.max(1, Math.floor(totalTokens / longest)),
    };
  }
  const each = (entry?.kvBytesPerToken ?? UNASKED_KV_BYTES) * longest;
  const slots = Math.min(UNASKED_SLOTS, Math.max(1, Math.floor(UNASKED_KV_BYTES / each)));
  return { context: longest, slots };
}
