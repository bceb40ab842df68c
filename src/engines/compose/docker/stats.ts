import { z } from 'zod';
import type { Docker } from './docker.js';

/** One line of `docker stats --no-stream --format '{{json .}}'`: texts, as Docker rounds them. */
const Line = z.object({
  Name: z.string(),
  CPUPerc: z.string(),
  MemUsage: z.string(),
  NetIO: z.string().default(''),
  BlockIO: z.string().default(''),
  PIDs: z.string().default(''),
});

/** What a container takes at this moment; sizes are bytes, as far as Docker's rounded text tells. */
export interface ContainerUse {
  name: string;
  /** Percent of one core. */
  cpuPercent: number;
  memoryBytes: number;
  memoryLimitBytes: number;
  netIn?: number | undefined;
  netOut?: number | undefined;
  pids?: number | undefined;
}

/** Takes about a second: Docker measures the processor over that time. */
export async function containerUse(docker: Docker, names: readonly string[]): Promise<ContainerUse[]> {
  const args = ['stats', '--no-stream', '--format', '{{json .}}', ...names];
  const { exitCode, stdout } = await docker.run(args, { timeoutMs: 15_000 });
  return exitCode === 0 ? readStats(stdout) : [];
}

export async function memoryUsed(docker: Docker, name: string): Promise<number | undefined> {
  const [use] = await containerUse(docker, [name]);
  return use?.memoryBytes;
}

export function readStats(text: string): ContainerUse[] {
  return text.split('\n').flatMap((line) => {
    const parsed = Line.safeParse(asJson(line));
    if (!parsed.success) return [];
    const { Name, CPUPerc, MemUsage, NetIO, PIDs } = parsed.data;
    const [used, limit] = MemUsage.split(' / ').map(readSize);
    const [netIn, netOut] = NetIO.split(' / ').map(readSize);
    const pids = Number(PIDs);
    return [
      {
        name: Name,
        cpuPercent: Number.parseFloat(CPUPerc) || 0,
        memoryBytes: used ?? 0,
        memoryLimitBytes: limit ?? 0,
        netIn,
        netOut,
        pids: Number.isFinite(pids) && PIDs !== '' ? pids : undefined,
      },
    ];
  });
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** `1.5GiB`, `648B`; undefined for what is no size. */
export function readSize(text: string): number | undefined {
  const [, digits, unit = 'B'] = /^([\d.]+)\s*([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit || 'B'];
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
