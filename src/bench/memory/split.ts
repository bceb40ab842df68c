import type { MemorySplit, Ram } from '../report/schema-memory.js';
import { messages } from './messages.js';

export interface SplitFacts {
  /** Of the file with the weights. */
  weightsBytes?: number | undefined;
  /** Resident pages of that file. */
  mappedBytes?: number | undefined;
  kvBytesPerToken?: number | undefined;
  /** Tokens of one slot. */
  context?: number | undefined;
  slots?: number | undefined;
  /** Bytes on a card: the weights and the cache lie there, not in the machine's memory. */
  gpuBytes?: number | undefined;
}

export interface SplitMemory {
  split?: MemorySplit;
  absent: Record<string, string>;
}

/** From here on the file is read where it lies; below, the weights were laid out anew for the processor. */
const MAPPED_SHARE = 0.9;

/**
 * What the memory is taken for. The KV cache is by the model's shape (bytes a token × tokens × slots), and the
 * weights are the resident pages of their file or, laid out anew, as large as it; what is left is the program
 * with its buffers. Where the parts would be more than the whole, the rest is not told.
 */
export function splitMemory(ram: Ram | undefined, facts: SplitFacts): SplitMemory {
  const { weightsBytes, mappedBytes, kvBytesPerToken, context, slots, gpuBytes } = facts;
  if (!ram) return { absent: { split: messages.noRam } };
  if (gpuBytes !== undefined && gpuBytes > 0) return { absent: { split: messages.onTheCard } };
  const absent: Record<string, string> = {};
  const isMapped = weightsBytes !== undefined && (mappedBytes ?? 0) >= MAPPED_SHARE * weightsBytes;
  const weights = isMapped ? mappedBytes : weightsBytes;
  if (weights === undefined) absent['split.weights'] = messages.noWeights;
  const kv =
    kvBytesPerToken === undefined || context === undefined || slots === undefined
      ? undefined
      : kvBytesPerToken * context * slots;
  if (kv === undefined) absent['split.kv'] = messages.noShape;
  const all = ram.rss ?? ram.pss ?? ram.working_set;
  const other =
    all === undefined || weights === undefined || kv === undefined ? undefined : all - weights - kv;
  if (other === undefined || other < 0) absent['split.other'] = messages.noRest;
  return {
    split: {
      ...(weights === undefined ? {} : { weights }),
      ...(kv === undefined ? {} : { kv }),
      ...(other === undefined || other < 0 ? {} : { other }),
    },
    absent,
  };
}
