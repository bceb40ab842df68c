import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Threads for llama.cpp: what this process may really use. More threads than cores is not a little slower: its
 * workers spin while they wait for each other, and a token takes seconds (measured: 4 threads on 2 busy cores
 * gave 0.3 tokens a second where 2 gave 100). The binding's own default is at least 4.
 * @param mathCores cores worth using for arithmetic, as llama.cpp counts them
 */
export function cpuThreads(mathCores: number, readText: (path: string) => string = readFile): number {
  return Math.max(1, Math.min(mathCores, availableParallelism(), cgroupCores(readText)));
}

/** The quota of a container (cgroup v2) in cores; it shows neither in the core count nor in the affinity. */
function cgroupCores(readText: (path: string) => string): number {
  try {
    const [quota, period] = readText('/sys/fs/cgroup/cpu.max').trim().split(' ').map(Number);
    return quota && period ? Math.max(1, Math.floor(quota / period)) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}
