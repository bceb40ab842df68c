import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Slo } from '../../src/bench/trace/slo.js';
import { readBaseline, sinceBaseline } from '../../src/cli/bench-baseline.js';
import { withNews } from '../../src/cli/bench-news.js';
import { type BenchOptions, measureSpec } from '../../src/cli/bench-options.js';
import type { Context } from '../../src/cli/context.js';
import { parse } from '../../src/cli/parse.js';
import { aReport } from '../bench/fixtures/report.js';
import { virtualReport } from '../bench/fixtures/virtual-run.js';

const spec = (options: BenchOptions) => measureSpec(options, 'r', undefined);
const slo: Slo = { e2el: 300 };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'botllm-options-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A context as far as these need it. */
function context() {
  const seen = { explained: [] as string[], events: [] as object[] };
  const out = {
    explain: ({ message }: Error) => seen.explained.push(message),
    event: (one: object) => seen.events.push(one),
  };
  return { seen, ctx: { out, signal: new AbortController().signal } as unknown as Context };
}

test('without options: alone, cold, five runs of five', () => {
  expect(spec({ goodput: slo })).toMatchObject({
    ...{ loads: [{ kind: 'closed', concurrency: 1 }], via: ['engine'], prefix: ['cold'] },
    ...{ runs: 5, requestsPerRun: 5, slo, seed: 42, timeoutMs: 30_000 },
  });
  expect(spec({})).not.toHaveProperty('ciTarget');
});

test('an exact figure may take four times as many runs, or as many as allowed', () => {
  expect(spec({ ciTarget: 0.05 })).toMatchObject({ runs: 5, maxRuns: 20, ciTarget: 0.05 });
  expect(spec({ ciTarget: 0.05, maxRuns: 7 })).toMatchObject({ maxRuns: 7 });
  expect(spec({ ciTarget: 0.05, runs: 30, maxRuns: 7 })).toMatchObject({ runs: 30, maxRuns: 30 });
  expect(spec({ prefixCache: 'both' }).prefix).toEqual(['cold', 'warm']);
});

test.each<BenchOptions>([
  { maxRuns: 7 },
  { interleave: true, ciTarget: 0.05 },
  { via: ['engine', 'client'], extraBody: { top_k: 1 } },
  { via: ['client'], exactTg: true },
  { workload: 'bot', exactTg: true },
  { workload: 'bot', prefixCache: 'warm' },
])('%j contradicts itself', (options) => {
  expect(() => spec(options)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('fields of a request are JSON where they are some, and text where not', () => {
  expect(parse.fields('top_k=1,stop=null,mode=fast,min_p=0.05')).toEqual({
    ...{ top_k: 1, stop: null, mode: 'fast', min_p: 0.05 },
  });
  expect(parse.fields('{"chat_template_kwargs":{"enable_thinking":false}}')).toEqual({
    chat_template_kwargs: { enable_thinking: false },
  });
  for (const wrong of ['', '{}', 'top_k', '=1', '[1]', '{"a":']) expect(() => parse.fields(wrong)).toThrow();
});

test('what is surely slower than the baseline by more than allowed fails the gate', async () => {
  const engine = { ttft: 200, tpot: 20, runNoise: 0.015, requestNoise: 0.05 };
  const [before, after] = [virtualReport(engine, 1), virtualReport({ ...engine, ttft: 300, tpot: 30 }, 2)];
  const file = path.join(folder, 'before.json');
  await writeFile(file, JSON.stringify({ schema: 'botllm.bench/1', data: before }));
  const baseline = await readBaseline({ baseline: file, maxRegression: 0.1 });
  if (!baseline) throw new Error('it was not read');
  const slower = sinceBaseline(context().ctx, baseline, after);
  expect([slower.exitCode, slower.data?.verdict]).toEqual([8, 'slower']);
  expect(sinceBaseline(context().ctx, { ...baseline, maxRegression: undefined }, after).exitCode).toBe(0);
  expect(sinceBaseline(context().ctx, baseline, before).exitCode).toBe(0);
});

test('a report that cannot be compared fails the gate, and its reason is said', () => {
  const { ctx, seen } = context();
  const other = aReport({ client: { ...aReport().client, cpu: 'Other CPU' } });
  const { data, exitCode } = sinceBaseline(ctx, { report: other, maxRegression: 0.1 }, aReport());
  expect([data, exitCode, seen.explained.length]).toEqual([undefined, 2, 1]);
});

test('a baseline that is none is refused before anything is measured', async () => {
  await expect(readBaseline({ baseline: path.join(folder, 'none.json') })).rejects.toMatchObject({
    code: 'USAGE',
  });
  await expect(readBaseline({ maxRegression: 0.1 })).rejects.toMatchObject({ code: 'USAGE' });
  expect(await readBaseline({})).toBeUndefined();
});

test('news go to a second reader as well, and the last one says that it is over', async () => {
  const file = path.join(folder, 'news.jsonl');
  const { ctx, seen } = context();
  const work = async ({ out }: Context) => {
    out.event({ type: 'progress', done: 1 });
    return 7;
  };
  expect(await withNews(ctx, file, work)).toBe(7);
  await expect(withNews(ctx, file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    { type: 'progress', done: 1 },
    { type: 'over', ok: true, interrupted: false },
    { type: 'over', ok: false, interrupted: false },
  ]);
  expect(seen.events).toEqual([{ type: 'progress', done: 1 }]);
  await expect(withNews(ctx, path.join(folder, 'no/such/folder'), work)).rejects.toMatchObject({
    code: 'USAGE',
  });
});

test.skipIf(process.platform !== 'linux')(
  'a second reader who is gone takes nothing from the work',
  async () => {
    const { ctx, seen } = context();
    const work = async ({ out }: Context) => {
      for (let done = 0; done < 100; done += 1) {
        out.event({ type: 'progress', done });
        await new Promise((resolve) => setImmediate(resolve));
      }
      return 7;
    };
    // Every write to it fails, as one to a disk that is full.
    expect(await withNews(ctx, '/dev/full', work)).toBe(7);
    expect(seen.events).toHaveLength(100);
  },
);
