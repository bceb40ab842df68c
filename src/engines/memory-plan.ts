/** Bytes that a start needs, piece by piece, beside what there is. */
export interface MemorySum {
  weights: number;
  kv: number;
  buffers: number;
  /** The process itself with the binding in it. */
  process: number;
  total: number;
  /** What may be taken in all: of the machine's memory, or as `--memory` says where that is less. */
  available: number;
  /** Present: `--memory` is the limit. */
  asked?: true;
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
  /** `--memory`, bytes: the limit where it is less. */
  memoryBytes?: number | undefined;
  /** What a context of so many tokens for each of so many slots needs. */
  needs: (tokens: number, slots: number) => Promise<ContextNeeds>;
  context?: number | undefined;
  slots?: number | undefined;
}

export interface FittingPlan {
  fits: true;
  context: number;
  slots: number;
  sum: MemorySum;
}

export type MemoryPlan = FittingPlan | { fits: false; sum: MemorySum };

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
    const { weights, process, budget, memoryBytes = Number.POSITIVE_INFINITY } = input;
    const total = weights + kv + buffers + process;
    const available = Math.min(budget, memoryBytes);
    const asked = memoryBytes < budget ? { asked: true as const } : {};
    const sum = { weights, kv, buffers, process, total, available, ...asked, tokens, slots };
    if (total <= available) return { fits: true, context: tokens, slots, sum };
    smallest = sum;
  }
  if (!smallest) throw new Error('a memory plan needs at least one candidate');
  return { fits: false, sum: smallest };
}

/**
 * What this process may take of the memory that is there.
 * @param taken bytes that it has taken already: they are part of the sum, so they belong to what is available
 * @param vram free bytes of the GPU
 */
export function memoryBudget(taken: number, vram = 0): number {
  return Math.floor((process.availableMemory() + taken + vram) * MEMORY_SHARE);
}

export interface RoomyInput {
  /** Tokens that the model was trained on. */
  context?: number | undefined;
  kvBytesPerToken?: number | undefined;
  fileBytes: number;
  process: number;
  budget: number;
  asked: { context?: number | undefined; slots?: number | undefined };
}

/**
 * llama.cpp's buffers for a batch of 192 tokens: 40 MB measured for a 1.4 B model, 201 MB more for the scores of
 * a vocabulary of 262,144, 805 MB for 32 heads over 32,768 tokens where flash attention is not possible.
 */
const ROOMY_BUFFERS = 1_000_000_000;
/** Weights that are laid out anew for the processor take a little more than the file. */
const ROOMY_WEIGHTS = 1.2;

/**
 * The best plan, where it fits by so much that no exact sum is needed (that one takes a load without weights);
 * undefined where it may be close, or where the header leaves the size of the cache open.
 */
export function roomyPlan(input: RoomyInput): FittingPlan | undefined {
  const { context: trained, kvBytesPerToken, fileBytes, process, budget, asked } = input;
  if (kvBytesPerToken === undefined || trained === undefined) return undefined;
  const [best] = candidates({ trained, ...asked });
  if (!best || best[0] > trained) return undefined;
  const [context, slots] = best;
  const weights = Math.ceil(fileBytes * ROOMY_WEIGHTS);
  const kv = kvBytesPerToken * context * slots;
  const total = weights + kv + ROOMY_BUFFERS + process;
  const sum = {
    weights,
    kv,
    buffers: ROOMY_BUFFERS,
    process,
    total,
    available: budget,
    tokens: context,
    slots,
  };
  return total <= budget ? { fits: true, context, slots, sum } : undefined;
}

/** Best first; the last one is the least that would still be a start. */
function* candidates(
  input: Pick<PlanInput, 'trained' | 'context' | 'slots'>,
): Generator<[tokens: number, slots: number]> {
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
