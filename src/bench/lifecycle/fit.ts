import { estimatePlan, type MemoryWish, shapeOf } from '../../engines/memory-estimate.js';
import { messages as engineMessages } from '../../engines/messages.js';
import { BotllmError } from '../../errors.js';
import type { EnsuredModel } from '../../models/ensure.js';
import { messages } from './messages.js';

/**
 * Why a model cannot be started beside what runs now: the sum of what it needs, and what is there.
 * @returns undefined when it fits, or when its header leaves the need open: then its engine decides
 */
export async function whyNotFitting(model: EnsuredModel, wish: MemoryWish): Promise<BotllmError | undefined> {
  const plan = await estimatePlan(shapeOf(model), wish);
  if (!plan || plan.fits) return undefined;
  return new BotllmError('NOT_ENOUGH_MEMORY', messages.notFitting(model.name), {
    detail: engineMessages.memorySum(plan.sum),
    hint: messages.notFittingHint,
  });
}
