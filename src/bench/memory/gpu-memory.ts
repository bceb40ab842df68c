import { readCards } from '../../engines/compose/gpu.js';
import type { RunTool } from '../../engines/compose/run-tool.js';
import type { Memory } from '../report/schema-memory.js';

const FORMAT = '--format=csv,noheader,nounits';
const CARDS = '--query-gpu=index,name,memory.total,memory.free,driver_version,utilization.gpu';
const MIB = 1024 ** 2;

/** Engines that reserve the whole card at the start, whatever the model needs. */
const RESERVES = new Set(['vllm', 'tgi']);

export interface GpuQuestion {
  /** On the host: the driver knows no others. */
  pids: readonly number[];
  /** Bytes taken on all cards before the engine was started; absent where it ran before. */
  usedBefore?: number | undefined;
  engine: string;
}

/** Bytes taken on all cards by everybody; undefined without a card. */
export async function gpuBytesUsed(run: RunTool): Promise<number | undefined> {
  const cards = readCards(await run('nvidia-smi', [CARDS, FORMAT]));
  if (cards.length === 0) return undefined;
  return cards.reduce((sum, { totalBytes, freeBytes }) => sum + totalBytes - freeBytes, 0);
}

/**
 * What an engine takes on the cards: of its processes where the driver tells, else what all cards hold more than
 * before it was started.
 * @returns undefined where there is no card, or neither can be known
 */
export async function gpuMemory(run: RunTool, question: GpuQuestion): Promise<Memory['gpu']> {
  const { pids, usedBefore, engine } = question;
  const { exitCode, stdout } = await run('nvidia-smi', ['--query-compute-apps=pid,used_memory', FORMAT]);
  if (exitCode !== 0) return undefined;
  const preallocated = RESERVES.has(engine);
  const own = stdout.split('\n').flatMap((line) => {
    // `[N/A]` where the driver does not count by process.
    const [, pid, mib] = /^(\d+), *(\d+)\s*$/.exec(line) ?? [];
    return pid !== undefined && pids.includes(Number(pid)) ? [Number(mib) * MIB] : [];
  });
  if (own.length > 0) {
    return { bytes: own.reduce((sum, bytes) => sum + bytes, 0), scope: 'process', preallocated };
  }
  const used = usedBefore === undefined ? undefined : await gpuBytesUsed(run);
  if (usedBefore === undefined || used === undefined) return undefined;
  return { bytes: Math.max(0, used - usedBefore), scope: 'device_delta', preallocated };
}
