import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cgroupRam } from '../../src/bench/memory/cgroup-ram.js';
import { gpuMemory } from '../../src/bench/memory/gpu-memory.js';
import { splitMemory } from '../../src/bench/memory/split.js';
import type { RunTool } from '../../src/engines/compose/run-tool.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'botllm-cgroup-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function files(folder: string, contents: Record<string, string>): Promise<void> {
  await mkdir(path.join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(contents)) await writeFile(path.join(root, folder, name), text);
}

describe("a container's memory", () => {
  test('is read from its group as cgroup v2 keeps it: without the file pages that would go first', async () => {
    await files('proc/42', { cgroup: '0::/system.slice/docker-ab.scope\n' });
    await files('sys/fs/cgroup/system.slice/docker-ab.scope', {
      'memory.current': '1000\n',
      'memory.peak': '1500\n',
      'memory.stat': 'anon 300\nfile 600\ninactive_file 250\ninactive_anon 1\n',
    });
    expect(await cgroupRam(42, root)).toEqual({
      anon: 300,
      file: 600,
      working_set: 750,
      peak: 1500,
      method: 'cgroup',
    });
  });

  test('and as cgroup v1 keeps it', async () => {
    await files('proc/42', { cgroup: '9:cpu,cpuacct:/x\n5:memory:/docker/ab\n1:name=systemd:/docker/ab\n' });
    await files('sys/fs/cgroup/memory/docker/ab', {
      'memory.usage_in_bytes': '1000\n',
      'memory.stat': 'cache 5\nrss 7\ntotal_cache 600\ntotal_rss 300\ntotal_inactive_file 250\n',
    });
    const ram = await cgroupRam(42, root);
    expect(ram).toEqual({ anon: 300, file: 600, working_set: 750, method: 'cgroup' });
  });

  test('is absent for a process that is gone', async () => {
    expect(await cgroupRam(42, root)).toBeUndefined();
  });
});

describe('memory on a card', () => {
  const smi =
    (apps: string, exitCode = 0): RunTool =>
    async (_command, args) => {
      const stdout = args.some((arg) => arg.startsWith('--query-compute'))
        ? apps
        : '0, L4, 23034, 20000, 550, 0\n';
      return { exitCode, stdout, stderr: '', all: stdout, missing: false };
    };
  const MIB = 1024 ** 2;

  test('is that of the processes where the driver tells', async () => {
    const gpu = await gpuMemory(smi('7, 900\n42, 2000\n42, 48\n'), { pids: [42], engine: 'native' });
    expect(gpu).toEqual({ bytes: 2048 * MIB, scope: 'process', preallocated: false });
  });

  test('else what the card holds more than before, and for some engines a reservation', async () => {
    const question = { pids: [42], engine: 'vllm', usedBefore: 34 * MIB };
    expect(await gpuMemory(smi('42, [N/A]\n'), question)).toEqual({
      bytes: 3000 * MIB,
      scope: 'device_delta',
      preallocated: true,
    });
  });

  test('is absent without a card, and where neither can be known', async () => {
    expect(await gpuMemory(smi('', 127), { pids: [42], engine: 'native' })).toBeUndefined();
    expect(await gpuMemory(smi(''), { pids: [42], engine: 'native' })).toBeUndefined();
  });
});

describe('what memory is taken for', () => {
  const ram = { rss: 1000, anon: 500, file: 500, method: 'smaps_rollup' } as const;
  const shape = { kvBytesPerToken: 2, context: 50, slots: 2 };

  test('is weights, cache and the rest, which add up to what is resident', () => {
    const { split } = splitMemory(ram, { weightsBytes: 480, mappedBytes: 470, ...shape });
    expect(split).toEqual({ weights: 470, kv: 200, other: 330 });
  });

  test('takes weights that were laid out anew for as large as their file', () => {
    const { split } = splitMemory(ram, { weightsBytes: 480, mappedBytes: 30, ...shape });
    expect(split).toEqual({ weights: 480, kv: 200, other: 320 });
  });

  test('leaves out what is not known or does not add up, with the reason', () => {
    const unknown = splitMemory(ram, { weightsBytes: 480 });
    expect(unknown.split).toEqual({ weights: 480 });
    expect(Object.keys(unknown.absent)).toEqual(['split.kv', 'split.other']);
    const untouched = splitMemory(ram, { weightsBytes: 900, ...shape });
    expect(untouched.split).toEqual({ weights: 900, kv: 200 });
    expect(untouched.absent).toHaveProperty(['split.other']);
    expect(splitMemory(undefined, shape).split).toBeUndefined();
    expect(splitMemory(ram, { ...shape, gpuBytes: 5 }).split).toBeUndefined();
  });
});
