import { estimatePlan, type MemoryWish, type ModelShape, shapeOf } from '../../engines/memory-estimate.js';
import { messages as engineMessages } from '../../engines/messages.js';
import { BotllmError } from '../../errors.js';
import type { EnsuredModel } from '../../models/ensure.js';
import { messages } from './messages.js';

/**
 * Why a model cannot be started beside what runs now: the sum of what it needs, and what is there.
 * @returns undefined when it fits, or when its header leaves the need open: then its engine decides
 */
export async function whyNotFitting(model: EnsuredModel, wish: MemoryWish): Promise<BotllmError | undefined> {
  return whyShapeNotFitting(model.name, shapeOf(model), wish);
}

/** The same of a model that is not on this machine yet, or that a container is to load. */
export async function whyShapeNotFitting(
  name: string,
  shape: ModelShape,
  wish: MemoryWish,
): Promise<BotllmError | undefined> {
  const plan = await estimatePlan(shape, wish);
  if (!plan || plan.fits) return undefined;
  return new BotllmError('NOT_ENOUGH_MEMORY', messages.notFitting(name), {
    detail: engineMessages.memorySum(plan.sum),
    hint: messages.notFittingHint,
  });
}
