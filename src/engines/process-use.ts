import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../errors.js';
import { messages } from './messages.js';

/** What a process takes at this moment, with all its threads. */
export interface ProcessUse {
  /** 100 is one core; over the second before. */
  cpuPercent: number;
  /** Resident: pages of weights that are mapped from their file count, too. */
  memoryBytes: number;
  /** Threads. */
  tasks: number;
}

const SAMPLE_MS = 1_000;
/** proc(5) counts processor time in these for every program: USER_HZ, 100 on each architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Looks twice, a second apart, as `docker stats` does.
 * @returns null when the process ended meanwhile
 * @throws BotllmError `MISSING_PREREQUISITE` where there is no /proc
 */
export async function processUse(pid: number, signal?: AbortSignal): Promise<ProcessUse | null> {
  if (process.platform !== 'linux') {
    throw new BotllmError('MISSING_PREREQUISITE', messages.noProc, { hint: messages.noProcHint(pid) });
  }
  const startedAt = performance.now();
  const before = await processorTicks(pid);
  await sleep(SAMPLE_MS, undefined, { signal });
  const after = await processorTicks(pid);
  const seconds = (performance.now() - startedAt) / 1000;
  const status = await read(pid, 'status');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  const threads = /^Threads:\s+(\d+)$/m.exec(status ?? '')?.[1];
  if (before === null || after === null || kib === undefined || threads === undefined) return null;
  const cpuPercent = ((after - before) / TICKS_PER_SECOND / seconds) * 100;
  return {
    cpuPercent: Math.round(cpuPercent * 10) / 10,
    memoryBytes: Number(kib) * 1024,
    tasks: Number(threads),
  };
}

/** utime and stime, fields 14 and 15 of /proc/<pid>/stat (proc(5)). */
async function processorTicks(pid: number): Promise<number | null> {
  const stat = await read(pid, 'stat');
  if (stat === null) return null;
  // The command's name, in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks : null;
}

function read(pid: number, file: string): Promise<string | null> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => null);
}
