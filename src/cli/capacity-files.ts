import type { CapacityLoad } from '../bench/capacity/measure-capacity.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import type { Context } from './context.js';

export interface CapacityFileOptions {
  output?: string;
  saveDetailed?: boolean;
}

/** What `bench capacity` leaves in files. */
export interface CapacityFiles {
  /** Absent: single requests are not kept. */
  onLoad: ((load: CapacityLoad) => void) | undefined;
  /** @returns what was found as it is written */
  keep: <T extends object>(found: T) => Promise<T>;
}

/** @throws BotllmError `USAGE` for a place where nothing can be written, before anything is measured */
export async function openCapacityFiles(
  ctx: Context,
  { output, saveDetailed = false }: CapacityFileOptions,
  reportId: string,
): Promise<CapacityFiles> {
  if (output === undefined) {
    if (!saveDetailed) return { onLoad: undefined, keep: async (found) => found };
    throw new BotllmError('USAGE', benchMessages.detailNeedsPlace, {
      hint: 'botllm bench capacity --save-detailed -o capacity.json',
    });
  }
  const { keepCapacity, placeOfCapacity } = await import('../bench/capacity/keep.js');
  const place = await placeOfCapacity(output, saveDetailed);
  const loads: CapacityLoad[] = [];
  return {
    onLoad: saveDetailed ? (load) => void loads.push(load) : undefined,
    keep: async (found) => {
      const kept = await keepCapacity(place, found, { reportId, loads });
      ctx.out.note(benchMessages.reportWritten(output));
      return kept;
    },
  };
}
