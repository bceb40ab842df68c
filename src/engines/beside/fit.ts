import { readFile } from 'node:fs/promises';
import type { GpuCard } from '../compose/gpu.js';
import { estimatePlan, type MemoryWish, type ModelShape } from '../memory-estimate.js';
import { MEMORY_SHARE } from '../memory-plan.js';

/** Whether a second engine has room beside the one that serves; sizes are bytes. */
export interface BesideFit {
  fits: boolean;
  /** Absent: it cannot be told. */
  need?: number;
  free?: number;
  of: 'memory' | 'GPU memory';
}

/** What a process holds of the machine's memory, bytes. */
export interface Resident {
  /** Pages of files: the system counts them as available, but the engine would read them again at once. */
  files: number;
  total: number;
}

/** From /proc/<pid>/status (proc(5)); null where there is none. */
export async function residentOf(pid: number): Promise<Resident | null> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = (name: string) => new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  const [files, total] = [kib('RssFile'), kib('VmRSS')];
  if (files === undefined || total === undefined) return null;
  return { files: Number(files) * 1024, total: Number(total) * 1024 };
}

/** Of a card that something else uses, too, this share can be counted on. */
const CARD_SHARE = 0.9;

export interface FitQuestion {
  shape: ModelShape;
  wish: MemoryWish;
  /** Of the engine that serves; null: not known. */
  serving: Resident | null;
  usesGpu: boolean;
  /** The cards, for an engine that uses them. */
  cards: readonly Pick<GpuCard, 'freeBytes'>[];
  /** Bytes that the machine has available. */
  available: number;
}

/**
 * Both fit where the new engine gets, beside the old one, all that it would get alone: as much context for as many
 * requests. Where something is not known, they do not.
 */
export async function fitBeside(question: FitQuestion): Promise<BesideFit> {
  const { shape, wish, serving, usesGpu, cards, available } = question;
  const of = usesGpu ? 'GPU memory' : 'memory';
  if (serving === null || (usesGpu && cards.length === 0)) return { fits: false, of };
  const onCards = cards.reduce((sum, { freeBytes }) => sum + freeBytes, 0);
  const free = usesGpu ? onCards * CARD_SHARE : Math.max(0, available - serving.files) * MEMORY_SHARE;
  const alone = await estimatePlan(shape, wish, free + serving.total);
  const beside = await estimatePlan(shape, wish, free);
  if (alone === undefined || beside === undefined) return { fits: false, of };
  // `--memory` bounds what this home's engine takes; two are still this home's.
  const bound = wish.memoryBytes ?? Number.POSITIVE_INFINITY;
  const need = alone.sum.total;
  const same = beside.fits && beside.context === alone.sum.tokens && beside.slots === alone.sum.slots;
  return {
    fits: same && need + serving.total <= bound,
    need,
    free: Math.min(free, bound - serving.total),
    of,
  };
}
