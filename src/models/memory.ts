import type { CatalogueEntry } from './catalogue.js';

/** Bytes that serving takes, piece by piece. */
export interface MemoryNeed {
  weights: number;
  kv: number;
  overhead: number;
  total: number;
  /** Tokens of context in all, over all requests at once. */
  context: number;
}

/**
 * Runtime, compute buffers and graphs beside weights and cache. The published rule is 0.5 to 1.5 GB; its own
 * examples take 0.5 GB for quantised weights and 1 GB for 16-bit ones.
 */
const OVERHEAD = { quantised: 500_000_000, sixteenBit: 1_000_000_000 };

/** What `show` and `fits` reckon with when nobody names a context. */
export const USUAL_CONTEXT = 4_096;

/** What is known of a model's memory; an absent part makes the whole need unknown. */
export interface MemoryFacts {
  weights?: number | undefined;
  quantisation?: string | undefined;
  /** fp16, bytes per token. */
  kvBytesPerToken?: number | undefined;
}

/** weights + KV cache per token × context + overhead; undefined where a part of it was never published. */
export function memoryNeed(
  { weights, quantisation, kvBytesPerToken }: MemoryFacts,
  context: number,
): MemoryNeed | undefined {
  if (weights === undefined || kvBytesPerToken === undefined) return undefined;
  const kv = Math.round(kvBytesPerToken * context);
  const overhead = /^(?:B?F|FP)(?:16|32)$/i.test(quantisation ?? '')
    ? OVERHEAD.sixteenBit
    : OVERHEAD.quantised;
  return { weights, kv, overhead, total: weights + kv + overhead, context };
}

/** What an entry's memory is reckoned from, in its own quantisation or another that was published. */
export function memoryFacts(entry: CatalogueEntry, quantisation = entry.quantisation): MemoryFacts {
  const { kvBytesPerToken } = entry;
  const own = quantisation?.toUpperCase() === entry.quantisation?.toUpperCase();
  const weights = own
    ? (entry.bytes ?? entry.approxBytes)
    : entry.otherWeights?.[quantisation?.toUpperCase() ?? ''];
  return { weights, quantisation, kvBytesPerToken };
}

/**
 * Whether a machine's memory holds it: its weights alone are the least, the whole need decides. Undefined
 * where the weights would fit and the rest is unknown.
 */
export function fitsMemory(facts: MemoryFacts, machineBytes: number, context: number): boolean | undefined {
  if (facts.weights !== undefined && facts.weights > machineBytes) return false;
  const need = memoryNeed(facts, context);
  return need ? need.total <= machineBytes : undefined;
}
