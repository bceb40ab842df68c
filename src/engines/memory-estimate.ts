import { BotllmError } from '../errors.js';
import type { EnsuredModel } from '../models/ensure.js';
import { type FittingPlan, type MemoryPlan, memoryBudget, planMemory } from './memory-plan.js';
import { messages } from './messages.js';

/** What is known of a model before anything loads it. */
export interface ModelShape {
  name: string;
  path: string;
  thinking: boolean;
  bytes?: number | undefined;
  /** Tokens that it was trained on. */
  context?: number | undefined;
  kvBytesPerToken?: number | undefined;
}

export function shapeOf({ name, path, thinking, bytes, facts }: EnsuredModel): ModelShape {
  const { context, kvBytesPerToken } = facts;
  return { name, path, thinking, bytes, context, kvBytesPerToken };
}

/** What one asks of the memory; an absent field is chosen. */
export interface MemoryWish {
  context?: number | undefined;
  slots?: number | undefined;
  memoryBytes?: number | undefined;
}

/**
 * What llama.cpp takes beside weights and cache, process and buffers together. Measured with llama-server on
 * the processor: 117 MB for a 135 M model, 180 MB for one of 1.4 B.
 */
const BESIDE_BYTES = 200_000_000;

/**
 * The plan of the embedded engine from the header's numbers alone, for whoever does not load the model itself.
 * Undefined where weights or cache are not known.
 */
export async function estimatePlan(
  shape: ModelShape,
  wish: MemoryWish,
  budget = memoryBudget(0),
): Promise<MemoryPlan | undefined> {
  const { bytes, kvBytesPerToken, context: trained } = shape;
  if (bytes === undefined || kvBytesPerToken === undefined) return undefined;
  return planMemory({
    ...wish,
    trained: trained ?? wish.context ?? Number.POSITIVE_INFINITY,
    weights: bytes,
    process: 0,
    budget,
    needs: async (tokens, slots) => ({ kv: kvBytesPerToken * tokens * slots, buffers: BESIDE_BYTES }),
  });
}

/** The same, or the error that ends a start. @throws BotllmError `NOT_ENOUGH_MEMORY` with the sum */
export async function requirePlan(shape: ModelShape, wish: MemoryWish): Promise<FittingPlan | undefined> {
  const plan = await estimatePlan(shape, wish);
  if (!plan || plan.fits) return plan;
  throw new BotllmError('NOT_ENOUGH_MEMORY', messages.notEnoughMemory, {
    detail: messages.memorySum(plan.sum),
    hint: plan.sum.asked ? messages.memoryAskedHint : messages.memoryHint,
  });
}
