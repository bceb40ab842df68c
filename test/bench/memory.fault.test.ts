import { once } from 'node:events';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mappedBytes, processRam } from '../../src/bench/memory/process-ram.js';
import { watchMemory } from '../../src/bench/memory/watch.js';
import { toolRunner } from '../../src/engines/compose/run-tool.js';

const MIB = 1024 ** 2;
const SIZE = 256 * MIB;

let folder: string;
let file: string;
const start = (program: string) => execa(program, [String(SIZE), file], { reject: false });
let child: ReturnType<typeof start>;
let pid: number;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'botllm-memory-')));
  file = path.join(folder, 'weights file');
  await writeFile(file, Buffer.alloc(SIZE, 7));
  const program = path.join(folder, 'known-memory');
  await execa('cc', ['-O1', '-o', program, path.resolve(import.meta.dirname, 'fixtures/known-memory.c')]);
  child = start(program);
  await Promise.race([once(child.stdout, 'data'), child]);
  pid = child.pid ?? 0;
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await child;
  await rm(folder, { recursive: true, force: true });
});

/** 3 % of the size, benchmarks.md 5.5 item 6. */
const near = (bytes: number | undefined) => Math.abs((bytes ?? 0) - SIZE) <= 0.03 * SIZE;

test('a process that took 256 MiB of its own and maps a file of 256 MiB reads back as that', async () => {
  const ram = await processRam(pid);
  expect(ram?.method).toBe('smaps_rollup');
  expect(near(ram?.anon), `own: ${ram?.anon}`).toBe(true);
  expect(near(ram?.file), `file: ${ram?.file}`).toBe(true);
  expect(Math.abs((ram?.rss ?? 0) - 2 * SIZE)).toBeLessThan(0.03 * 2 * SIZE);
  expect(await mappedBytes(pid, file)).toBe(SIZE);
  expect(await mappedBytes(pid, '/nowhere')).toBe(0);
});

test('a watch tells weights, cache and the rest apart', async () => {
  const watch = watchMemory(
    {
      pid,
      engine: 'native',
      weightsPath: file,
      facts: { weightsBytes: SIZE, kvBytesPerToken: 1024, context: 65_536, slots: 3 },
    },
    toolRunner({ PATH: process.env.PATH }),
  );
  const { ram, split, samples } = await watch.stop();
  expect(samples).toBeGreaterThanOrEqual(1);
  expect(split).toEqual({ weights: SIZE, kv: 192 * MIB, other: (ram?.rss ?? 0) - SIZE - 192 * MIB });
  expect(ram?.peak).toBeGreaterThanOrEqual((ram?.rss ?? 0) - MIB);
});

test('a process that ends while it is watched leaves what was seen of it', async () => {
  const short = execa('sleep', ['2']);
  const watch = watchMemory(
    { pid: short.pid, engine: 'native', facts: {} },
    toolRunner({ PATH: process.env.PATH }),
  );
  await short;
  const { ram, samples, absent } = await watch.stop();
  expect(samples).toBeGreaterThan(0);
  expect(ram?.rss).toBeGreaterThan(0);
  expect(absent).toHaveProperty(['split.kv']);
});

test('its peak is of the time that was watched, not of the loading before it', async () => {
  // 300 MB are taken, given back, and nothing more.
  const text = 'import time; b = bytearray(300 << 20); del b; print(1, flush=True); time.sleep(600)';
  const loader = execa('python3', ['-c', text], { reject: false });
  try {
    await once(loader.stdout, 'data');
    const before = await processRam(loader.pid ?? 0);
    expect(before?.peak).toBeGreaterThan(300 * MIB);
    const watch = watchMemory(
      { pid: loader.pid, engine: 'native', facts: {} },
      toolRunner({ PATH: process.env.PATH }),
    );
    const { ram } = await watch.stop();
    expect(ram?.peak).toBeLessThan(100 * MIB);
  } finally {
    loader.kill('SIGKILL');
    await loader;
  }
});
