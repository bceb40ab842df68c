import { setTimeout as sleep } from 'node:timers/promises';
import type { RunTool } from '../../engines/compose/run-tool.js';
import type { Memory, Ram } from '../report/schema-memory.js';
import { cgroupRam } from './cgroup-ram.js';
import { type GpuQuestion, gpuMemory } from './gpu-memory.js';
import { messages } from './messages.js';
import { mappedBytes, processRam, resetPeak } from './process-ram.js';
import { type SplitFacts, splitMemory } from './split.js';

/** Whose memory is watched. */
export interface MemorySubject {
  /** The engine's process on this machine; absent for one that is elsewhere. */
  pid?: number | undefined;
  /** The pid is a container's: its whole control group counts. */
  contained?: boolean | undefined;
  engine: string;
  /** The file with the weights. */
  weightsPath?: string | undefined;
  facts: Omit<SplitFacts, 'mappedBytes' | 'gpuBytes'>;
  gpuUsedBefore?: number | undefined;
}

export interface MemoryWatch {
  /** Ends the watch. */
  stop: () => Promise<Memory>;
}

const PERIOD_MS = 250;

/**
 * Looks at an engine's memory four times a second while it is measured, and keeps the look at which it had most.
 * The kernel's own peak begins anew with the watch, so it tells of serving and not of loading.
 */
export function watchMemory(subject: MemorySubject, run: RunTool): MemoryWatch {
  const ended = new AbortController();
  const watching = watch(subject, ended.signal);
  return {
    stop: async () => {
      ended.abort();
      const { highest, samples } = await watching;
      return summed(subject, run, highest, samples);
    },
  };
}

interface Seen {
  highest?: Ram;
  samples: number;
}

async function watch({ pid, contained }: MemorySubject, ended: AbortSignal): Promise<Seen> {
  if (pid === undefined) return { samples: 0 };
  if (!contained) await resetPeak(pid);
  const seen: Seen = { samples: 0 };
  do {
    const ram = contained ? await cgroupRam(pid) : await processRam(pid);
    if (!ram) break;
    seen.samples += 1;
    // The peak is the kernel's and only grows, so the last one holds for all.
    const peak = ram.peak === undefined ? {} : { peak: ram.peak };
    seen.highest = { ...(sizeOf(ram) >= sizeOf(seen.highest) ? ram : (seen.highest ?? ram)), ...peak };
    await sleep(PERIOD_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);
  } while (!ended.aborted);
  return seen;
}

const sizeOf = (ram: Ram | undefined) => ram?.rss ?? ram?.working_set ?? -1;

async function summed(
  subject: MemorySubject,
  run: RunTool,
  ram: Ram | undefined,
  samples: number,
): Promise<Memory> {
  const { pid, weightsPath, facts, engine, gpuUsedBefore, contained } = subject;
  const pids = pid === undefined ? [] : [pid];
  const question: GpuQuestion = { pids, engine, usedBefore: gpuUsedBefore };
  const gpu = await gpuMemory(run, question);
  const mapped =
    pid === undefined || weightsPath === undefined || contained
      ? undefined
      : await mappedBytes(pid, weightsPath);
  const { split, absent } = splitMemory(ram, { ...facts, mappedBytes: mapped, gpuBytes: gpu?.bytes });
  return {
    ...(ram ? { ram } : {}),
    ...(gpu ? { gpu } : {}),
    ...(split ? { split } : {}),
    samples,
    absent: {
      ...absent,
      ...(ram ? {} : { ram: messages.notLocal }),
      ...(gpu ? {} : { gpu: messages.noGpu }),
    },
  };
}
