import * as z from '../../zod.js';
import type { RunTool } from './run-tool.js';

const Line = z.object({
  Name: z.string(),
  CPUPerc: z.string(),
  MemUsage: z.string(),
  NetIO: z.optional(z.string()),
  PIDs: z.optional(z.string()),
});

/** What a container takes at this moment. */
export interface ContainerStats {
  name: string;
  /** 100 is one core. */
  cpuPercent: number;
  memoryBytes: number;
  memoryLimitBytes: number;
  /** Since the container was started. */
  netInBytes?: number;
  netOutBytes?: number;
  /** Processes and threads. */
  tasks?: number;
}

/** One look at `docker stats`, which takes Docker about two seconds; those that do not run are left out. */
export async function containerStats(run: RunTool, names: readonly string[]): Promise<ContainerStats[]> {
  const { stdout } = await run('docker', ['stats', '--no-stream', '--format', '{{json .}}', ...names]);
  return stdout.split('\n').flatMap((line) => readStats(line) ?? []);
}

/** A line such as `{"Name":"botfactory-llm","CPUPerc":"12.3%","MemUsage":"1.2GiB / 6GiB", …}`. */
export function readStats(line: string): ContainerStats | undefined {
  if (!line.startsWith('{')) return undefined;
  const { Name, CPUPerc, MemUsage, NetIO, PIDs } = Line.parse(JSON.parse(line));
  const [used = '', limit = ''] = MemUsage.split('/');
  return {
    name: Name,
    cpuPercent: Number.parseFloat(CPUPerc) || 0,
    memoryBytes: dockerBytes(used),
    memoryLimitBytes: dockerBytes(limit),
    ...(NetIO?.includes('/') ? traffic(NetIO) : {}),
    ...(PIDs !== undefined && /^\d+$/.test(PIDs) ? { tasks: Number(PIDs) } : {}),
  };
}

/** `1.2MB / 3kB`: received, sent. */
function traffic(text: string): Pick<ContainerStats, 'netInBytes' | 'netOutBytes'> {
  const [received = '', sent = ''] = text.split('/');
  return { netInBytes: dockerBytes(received), netOutBytes: dockerBytes(sent) };
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Docker's own way to write a size: `512MiB`, `1.2GB`. */
export function dockerBytes(text: string): number {
  const [, number = '0', unit = 'b'] = /^([\d.]+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  return Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? 1));
}
