import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Ram } from '../report/schema-memory.js';

const V2 = {
  current: 'memory.current',
  peak: 'memory.peak',
  inactive: 'inactive_file',
  anon: 'anon',
  file: 'file',
};
const V1 = {
  current: 'memory.usage_in_bytes',
  peak: 'memory.max_usage_in_bytes',
  inactive: 'total_inactive_file',
  anon: 'total_rss',
  file: 'total_cache',
};

/**
 * What a container has in memory, by the control group of one of its processes as the host counts it: all, less
 * the file pages that the kernel would give back first (what `docker stats` shows), and its two kinds.
 * @param pid of the container's process, on the host
 * @param root where the file systems are; another one in tests
 * @returns undefined when the process has no group of its own that could be read
 */
export async function cgroupRam(pid: number, root = '/'): Promise<Ram | undefined> {
  const at = (...parts: string[]) => path.join(root, ...parts);
  const groups = await text(at('proc', String(pid), 'cgroup'));
  if (groups === undefined) return undefined;
  const v1 = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m.exec(groups)?.[1];
  const v2 = /^0::(\/.*)$/m.exec(groups)?.[1];
  const ways = [
    ...(v1 === undefined ? [] : [{ names: V1, folder: at('sys/fs/cgroup/memory', v1) }]),
    ...(v2 === undefined ? [] : [{ names: V2, folder: at('sys/fs/cgroup', v2) }]),
  ];
  for (const { names, folder } of ways) {
    const [current, peak, stat] = await Promise.all([
      text(path.join(folder, names.current)),
      text(path.join(folder, names.peak)),
      text(path.join(folder, 'memory.stat')),
    ]);
    if (current === undefined || stat === undefined) continue;
    const counted = (name: string) =>
      Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? Number.NaN);
    const parts = {
      anon: counted(names.anon),
      file: counted(names.file),
      working_set: Math.max(0, Number(current) - counted(names.inactive)),
      peak: Number(peak ?? Number.NaN),
    };
    const known = Object.entries(parts).filter(([, bytes]) => Number.isFinite(bytes));
    return { ...Object.fromEntries(known), method: 'cgroup' };
  }
  return undefined;
}

function text(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
