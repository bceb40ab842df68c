import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { test } from 'vitest';
import { built } from '../built.js';
import { machine, quick, say } from '../options.js';
import { treeBytes } from './process-tree.js';
import { type Task, TOOLS, type Tool } from './tools.js';

const { startSynthetic } = await built<typeof import('../../src/bench/selftest/engine-process.js')>(
  'bench/selftest/engine-process.js',
);
const { machineNow } = await built<typeof import('../../src/bench/load/clock.js')>('bench/load/clock.js');
const { CORPUS } = await built<typeof import('../../src/bench/load/corpus.js')>('bench/load/corpus.js');
const { FIELD_SCRIPT } =
  await built<typeof import('../../src/bench/selftest/run.js')>('bench/selftest/run.js');

/** So many requests alone, and at eight together. */
const LEVELS = quick
  ? [{ atOnce: 8, requests: 16 }]
  : [
      { atOnce: 1, requests: 20 },
      { atOnce: 8, requests: 40 },
    ];
const SAMPLE_MS = 200;

/**
 * The tools of the field against the same engine whose truth is known, one after the other: those that are found on
 * PATH (`pip install llama-benchy guidellm aiperf`, each in an environment of its own). Errors are what a tool says
 * minus the truth. They say nothing of an engine, and little of another machine than this.
 */
test('every tool that is installed, against the same truth', { timeout: 1_800_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-peers-'));
  const book = createServer((_request, response) => response.end(`${CORPUS.en.join(' ')}\n`.repeat(300)));
  await new Promise<void>((resolve) => book.listen(0, '127.0.0.1', resolve));
  try {
    const found = (
      await Promise.all(TOOLS.map(async (tool) => ((await where(tool)) ? tool : undefined)))
    ).filter((tool) => tool !== undefined);
    const tokenizer = path.join(folder, 'tokenizer');
    await writeTokenizer(tokenizer, found);
    say(
      `${machine()}\ntool, at once: TTFT error mean (p95) ms, TPOT error ms, first request after, most memory`,
    );
    for (const { atOnce, requests } of LEVELS) {
      for (const tool of found) {
        const own = await mkdtemp(path.join(folder, 'run-'));
        const bookUrl = `http://127.0.0.1:${(book.address() as AddressInfo).port}/book.txt`;
        say(await line(tool, { root: '', atOnce, requests, folder: own, tokenizer, book: bookUrl }));
      }
    }
  } finally {
    book.close();
    await rm(folder, { recursive: true, force: true });
  }
});

async function line(tool: Tool, task: Task): Promise<string> {
  await using engine = await startSynthetic(FIELD_SCRIPT);
  const complete = { ...task, root: engine.root };
  const startedAt = machineNow();
  const child = execa(tool.program, tool.args(complete), {
    cwd: task.folder,
    env: tool.env ?? {},
    reject: false,
    all: true,
  });
  let most = 0;
  const sampler = setInterval(() => {
    if (child.pid !== undefined) most = Math.max(most, treeBytes(child.pid));
  }, SAMPLE_MS);
  const { exitCode, stdout, all } = await child;
  clearInterval(sampler);
  const served = await engine.served();
  const firstS = (Math.min(...served.map(({ receivedAt }) => receivedAt)) - startedAt) / 1000;
  if (exitCode !== 0)
    return `${tool.name}, ${task.atOnce}: exit ${exitCode}\n${all.split('\n').slice(-5).join('\n')}`;
  const seen = tool.read(complete, stdout);
  const error = (value: number, truth: number, digits = 2) =>
    `${value >= truth ? '+' : ''}${(value - truth).toFixed(digits)}`;
  return [
    `${tool.name}, ${task.atOnce}: ${error(seen.ttftMean, FIELD_SCRIPT.ttftMs)} (${error(seen.ttftP95, FIELD_SCRIPT.ttftMs)})`,
    error(seen.tpot, FIELD_SCRIPT.itlMs, 3),
    `${firstS.toFixed(1)} s`,
    `${Math.round(most / 1e6)} MB`,
  ].join(', ');
}

async function where({ program }: Tool): Promise<boolean> {
  if (path.isAbsolute(program)) return true;
  const { exitCode } = await execa('which', [program], { reject: false });
  return exitCode === 0;
}

/** By the Python of a tool that brings the package for it. */
async function writeTokenizer(folder: string, tools: readonly Tool[]): Promise<void> {
  const python = tools.find(({ program }) => !path.isAbsolute(program))?.program;
  if (python === undefined) return;
  const { stdout } = await execa('which', [python]);
  const words = CORPUS.en.join(' ').split(' ');
  const script = path.join(import.meta.dirname, 'tokenizer.py');
  await execa(path.join(path.dirname(stdout), 'python'), [script, folder, ...words]);
}
