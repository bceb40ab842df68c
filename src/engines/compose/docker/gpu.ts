import type { Env } from '../../../settings/read.js';
import type { Docker } from './docker.js';

/** One card, as the driver tells of it; sizes are bytes. */
export interface Gpu {
  index: number;
  name: string;
  memoryBytes: number;
  freeBytes: number;
  /** Percent of the last sample period; absent where the driver does not say. */
  utilisation?: number | undefined;
  driver: string;
}

/** The cards that nvidia-smi shows on the host; none where there is no driver. */
export async function hostGpus(env: Env, signal?: AbortSignal): Promise<Gpu[]> {
  const { execa } = await import('execa');
  const fields = 'index,name,memory.total,memory.free,utilization.gpu,driver_version';
  const { exitCode, stdout } = await execa(
    'nvidia-smi',
    [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'],
    {
      env: env as Record<string, string>,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: 5_000,
      ...(signal && { cancelSignal: signal }),
    },
  );
  return exitCode === 0 ? readGpus(stdout) : [];
}

/** `0, NVIDIA GeForce RTX 3060, 12288, 11900, 3, 550.54.14` a line; memory in MiB. What is no such line is left out. */
export function readGpus(csv: string): Gpu[] {
  return csv.split('\n').flatMap((line) => {
    const [index, name, total, free, used, driver] = line.split(',').map((field) => field.trim());
    if (
      name === undefined ||
      driver === undefined ||
      !/^\d+$/.test(index ?? '') ||
      !/^\d+$/.test(total ?? '')
    )
      return [];
    const utilisation = Number(used);
    return [
      {
        index: Number(index),
        name,
        memoryBytes: Number(total) * 1024 ** 2,
        freeBytes: (Number(free) || 0) * 1024 ** 2,
        utilisation: Number.isFinite(utilisation) ? utilisation : undefined,
        driver,
      },
    ];
  });
}

/** Whether Docker can hand a card to a container: by NVIDIA's runtime, or by CDI. */
export async function dockerGpuWay(docker: Docker): Promise<'runtime' | 'cdi' | null> {
  const { exitCode, stdout } = await docker.run(['info', '--format', '{{json .}}']);
  return exitCode === 0 ? readGpuWay(stdout) : null;
}

export function readGpuWay(info: string): 'runtime' | 'cdi' | null {
  try {
    const { Runtimes, DiscoveredDevices } = JSON.parse(info) as {
      Runtimes?: Record<string, unknown>;
      DiscoveredDevices?: { ID?: string }[];
    };
    if (Runtimes !== undefined && Runtimes !== null && 'nvidia' in Runtimes) return 'runtime';
    return DiscoveredDevices?.some(({ ID }) => ID?.startsWith('nvidia.com/gpu')) ? 'cdi' : null;
  } catch {
    return null;
  }
}
