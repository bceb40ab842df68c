import * as z from '../../zod.js';
import type { RunTool, ToolRun } from './run-tool.js';

/** One NVIDIA card, as `nvidia-smi` lists it. */
export interface GpuCard {
  index: string;
  name: string;
  totalBytes: number;
  freeBytes: number;
  driver: string;
  /** Percent of the driver's last sample period; absent where it does not say. */
  busyPercent?: number;
}

/** How Docker can give a card to a container. */
export type GpuWay = 'nvidia-runtime' | 'cdi';

export interface GpuProbe {
  cards: GpuCard[];
  /** Undefined: it cannot. */
  way: GpuWay | undefined;
}

const QUERY = 'index,name,memory.total,memory.free,driver_version,utilization.gpu';

/** The cards of this machine, and whether containers can have them. */
export async function probeGpu(run: RunTool): Promise<GpuProbe> {
  const cards = readCards(await run('nvidia-smi', [`--query-gpu=${QUERY}`, '--format=csv,noheader,nounits']));
  if (cards.length === 0) return { cards, way: undefined };
  return { cards, way: readWay((await run('docker', ['info', '--format', '{{json .}}'])).stdout) };
}

/** Lines such as `0, NVIDIA L4, 23034, 22563, 550.54.15`; none where there is no driver. Sizes are MiB there. */
export function readCards({ exitCode, stdout }: ToolRun): GpuCard[] {
  if (exitCode !== 0) return [];
  return stdout.split('\n').flatMap((line) => {
    const [index = '', name = '', total = '', free = '', driver = '', busy = ''] = line
      .split(',')
      .map((it) => it.trim());
    if (!/^\d+$/.test(index) || !/^\d+$/.test(total)) return [];
    const load = /^\d+$/.test(busy) ? { busyPercent: Number(busy) } : {};
    const bytes = (mib: string) => Number(mib) * 1024 ** 2;
    return [{ index, name, totalBytes: bytes(total), freeBytes: bytes(free) || 0, driver, ...load }];
  });
}

const Info = z.object({
  Runtimes: z.nullish(z.record(z.string(), z.unknown())),
  /** Engines from 28 on list the devices that they found in CDI specifications. */
  DiscoveredDevices: z.nullish(z.array(z.object({ ID: z.string() }))),
});

/** From `docker info` as JSON: the runtime that nvidia-container-toolkit adds, or a CDI device. */
export function readWay(info: string): GpuWay | undefined {
  const found = Info.safeParse(asJson(info));
  if (!found.success) return undefined;
  if (found.data.Runtimes?.nvidia !== undefined) return 'nvidia-runtime';
  const devices = found.data.DiscoveredDevices ?? [];
  return devices.some(({ ID }) => ID.startsWith('nvidia.com/gpu')) ? 'cdi' : undefined;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
