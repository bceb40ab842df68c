/** Bytes that a start needs, piece by piece, beside what there is. */
export interface MemorySum {
  weights: number;
  kv: number;
  buffers: number;
  /** The process itself with the binding in it. */
  process: number;
  total: number;
  available: number;
  tokens: number;
  slots: number;
}

export interface ContextNeeds {
  kv: number;
  buffers: number;
}

export interface PlanInput {
  /** Tokens that the model was trained on. */
  trained: number;
  weights: number;
  process: number;
  /** Bytes that may be taken in all. */
  budget: number;
  /** What a context of so many tokens for each of so many slots needs. */
  needs: (tokens: number, slots: number) => Promise<ContextNeeds>;
  context?: number | undefined;
  slots?: number | undefined;
}

export type MemoryPlan =
  | { fits: true; context: number; slots: number; sum: MemorySum }
  | { fits: false; sum: MemorySum };

/**
 * Tokens of context that are taken without being asked: a bot's prompts are a few hundred tokens, and the KV
 * cache is touched, so paid for, when the engine starts. `--context` gives a model all it was trained on.
 */
const UNASKED_CONTEXT = 8192;
/** Below this a context is short for a bot, so slots are given up first. */
const COMFORTABLE_CONTEXT = 4096;
const SMALLEST_CONTEXT = 512;
const UNASKED_SLOTS = 4;

/** The share of what the machine has available that is taken unasked; the rest is for the other programs. */
export const MEMORY_SHARE = 0.7;

/**
 * Picks context and slots that fit. What was asked for is only checked, never changed. Otherwise: as much
 * context as is worth having with 4 to 2 slots, then one slot with whatever context fits.
 */
export async function planMemory(input: PlanInput): Promise<MemoryPlan> {
  let smallest: MemorySum | undefined;
  for (const [tokens, slots] of candidates(input)) {
    const { kv, buffers } = await input.needs(tokens, slots);
    const { weights, process, budget } = input;
    const total = weights + kv + buffers + process;
    const sum = { weights, kv, buffers, process, total, available: budget, tokens, slots };
    if (total <= budget) return { fits: true, context: tokens, slots, sum };
    smallest = sum;
  }
  if (!smallest) throw new Error('a memory plan needs at least one candidate');
  return { fits: false, sum: smallest };
}

/** Best first; the last one is the least that would still be a start. */
function* candidates(input: PlanInput): Generator<[tokens: number, slots: number]> {
  const contexts =
    input.context === undefined ? ladder(Math.min(input.trained, UNASKED_CONTEXT)) : [input.context];
  if (input.slots !== undefined) {
    for (const tokens of contexts) yield [tokens, input.slots];
    return;
  }
  const comfortable = contexts.filter((tokens, i) => tokens >= COMFORTABLE_CONTEXT || i === 0);
  for (const tokens of comfortable) {
    for (let slots = UNASKED_SLOTS; slots >= 2; slots--) yield [tokens, slots];
  }
  for (const tokens of contexts) yield [tokens, 1];
}

/** From the largest context down by halves. */
function ladder(largest: number): number[] {
  const steps = [largest];
  for (let tokens = Math.floor(largest / 2); tokens >= SMALLEST_CONTEXT; tokens = Math.floor(tokens / 2)) {
    steps.push(tokens);
  }
  return steps;
}
