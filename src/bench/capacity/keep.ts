import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { BotllmError } from '../../errors.js';
import { messages } from '../messages.js';
import { requestsBeside } from '../records/keep.js';
import { toLines } from '../records/request-line.js';
import { requirePlace, writeWhole } from '../report/place.js';
import type { CapacityLoad, LoadStep } from './measure-capacity.js';

export const CAPACITY_SCHEMA = 'botllm.bench.capacity/1';

/** Where a capacity goes, and its single requests where they are kept. */
export interface CapacityPlace {
  file: string;
  requests?: string;
}

/**
 * Asked before it is measured, not after it.
 * @throws BotllmError `USAGE` for another suffix than .json, or a folder that is not there
 */
export async function placeOfCapacity(file: string, detailed: boolean): Promise<CapacityPlace> {
  if (path.extname(file).toLowerCase() !== '.json') {
    throw new BotllmError('USAGE', messages.capacityIsJson(file), { hint: messages.capacityIsJsonHint });
  }
  await requirePlace(file);
  return { file, ...(detailed && { requests: requestsBeside(file) }) };
}

/** Which requests are where: their `level` is the place of their load in `loads`. */
export interface CapacityRecord {
  reportId: string;
  requestsFile: string;
  loads: LoadStep[];
}

/**
 * Writes requests and capacity, each whole or not at all; the capacity last, so that what it names is there.
 * @param loads in the order in which they were sent
 * @returns the capacity as it is written: it names its requests, where they are kept
 */
export async function keepCapacity<T extends object>(
  { file, requests }: CapacityPlace,
  capacity: T,
  { reportId, loads }: { reportId: string; loads: readonly CapacityLoad[] },
): Promise<T & Partial<CapacityRecord>> {
  let data: T & Partial<CapacityRecord> = capacity;
  if (requests !== undefined) {
    const owner = (level: number) => ({ report: reportId, target: 0, level });
    const lines = loads.flatMap(({ plan, sent }, level) => toLines(sent, owner(level), plan));
    await writeFileAtomic(requests, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const named = loads.map(({ plan: _, sent: __, ...load }) => load);
    data = { ...capacity, reportId, requestsFile: path.basename(requests), loads: named };
  }
  await writeCapacity(file, data);
  return data;
}

/** @throws BotllmError `USAGE` where nothing can be written */
export async function writeCapacity(file: string, data: object): Promise<void> {
  await writeWhole(file, `${JSON.stringify({ schema: CAPACITY_SCHEMA, data }, null, 2)}\n`);
}
