import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { levelResult } from '../../../src/bench/load/level-result.js';
import type { Sent } from '../../../src/bench/load/sent.js';
import { analyse } from '../../../src/bench/records/analyse.js';
import { explain } from '../../../src/bench/records/explain.js';
import { keepReport, namingRequests, placeOf } from '../../../src/bench/records/keep.js';
import { readRecorded } from '../../../src/bench/records/read-recorded.js';
import { fromLines, RequestLine, toLines } from '../../../src/bench/records/request-line.js';
import { type BenchReport, BenchReport as Report } from '../../../src/bench/report/schema.js';
import { seeded } from '../../../src/bench/statistics/random.js';
import type { RequestTrace } from '../../../src/bench/trace/request-trace.js';
import { aPlan } from '../fixtures/plan.js';
import { aReport, aTarget } from '../fixtures/report.js';

const plan = aPlan({ load: { kind: 'open', requestRate: 2, arrival: 'poisson' }, reportId: 'r-engine-2' });
const slo = { e2el: 300, ttft: 150 };
const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

/** An untidy level: moments with all their digits, failures, answers of several shapes. */
function untidy(seed: number): Sent[] {
  const random = seeded(seed);
  return Array.from({ length: 20 }, (_, index): Sent => {
    const sentAt = 81_234_567.891_234 + index * 311.313_131_3 + random();
    const contentAt = Array.from({ length: 20 }, (_, i) => sentAt + 100 * random() + 9.87 * i).sort(
      (a, b) => a - b,
    );
    const trace: RequestTrace = {
      scheduledAt: sentAt - 2.5 * random(),
      sentAt,
      headAt: sentAt + random(),
      firstEventAt: sentAt + 2 * random(),
      choices: { firstAt: sentAt + 2.2, lastAt: (contentAt.at(-1) ?? 0) + 0.3, count: 22 },
      firstOutputAt: contentAt[0],
      contentAt,
      characters: { first: 4, all: 80 },
      endAt: (contentAt.at(-1) ?? 0) + 1,
      finish: 'length',
      usage: { promptTokens: 100, outputTokens: 20, cachedTokens: 0 },
      timings: { promptTokens: 100, promptMs: 50.5, outputTokens: 20, outputMs: 190.25, cachedTokens: 0 },
      ...(index === 7 ? { failure: 'http_429' as const, contentAt: [], reason: 'a secret text' } : {}),
      ...(index === 9 ? { usage: undefined, tokenIds: 20, firstTokens: 2 } : {}),
      ...(index === 19 ? { stopped: true as const } : {}),
    };
    if (index < 2) return { phase: 'warmup', index, trace };
    if (index >= 18) return { phase: 'filler', index, trace };
    return { phase: 'measured', index, run: Math.floor((index - 2) / 8), trace };
  });
}

/** A report whose figures were made of its lines, as `measureServed` makes them. */
function recordedReport(): { report: BenchReport; lines: RequestLine[] } {
  const levels = [untidy(1), untidy(2)].map((sent, level) =>
    toLines(sent, { report: '0a1b2c3d', target: 1, level }, plan),
  );
  const record = { backlog: true, loopDelay: { p99: 6, max: 9 } };
  const results = levels.map((lines) => levelResult(plan, { ...record, sent: fromLines(lines) }, slo));
  const { workload, cold } = plan;
  const targets = [aTarget({ id: 'unrecorded' }), aTarget({ results })];
  return {
    report: Report.parse(aReport({ targets, config: { workload, cold, slo } })),
    lines: levels.flat(),
  };
}

test('a report made again from its requests has the same figures, to the last digit', () => {
  const { report, lines } = recordedReport();
  const written = lines.map((line) => RequestLine.parse(JSON.parse(JSON.stringify(line))));
  expect(written).toEqual(lines);
  expect(analyse(JSON.parse(JSON.stringify(report)) as BenchReport, written)).toEqual(report);
  // Not because there is nothing in it.
  const [result] = report.targets[1]?.results ?? [];
  expect(result?.metrics.lag_ms?.mean).toBeGreaterThan(0);
  expect(result?.errors).toEqual({ total: 1, by: { http_429: 1 } });
  expect(result?.flags).toEqual(expect.arrayContaining(['backlog', 'client_limited', 'errors']));
});

test('the requests are judged again, and nothing is copied from the report', () => {
  const { report, lines } = recordedReport();
  const later = lines.map((line) => ({ ...line, content_ms: line.content_ms.map((ms) => ms + 50) }));
  const [before, after] = [report, analyse(report, later)].map(
    (one) => one.targets[1]?.results[0]?.metrics.ttft_ms?.mean,
  );
  expect((after ?? 0) - (before ?? 0)).toBeCloseTo(50, 6);
});

test('other limits give another goodput, and change nothing else', () => {
  const { report, lines } = recordedReport();
  const strict = analyse(report, lines, { e2el: 1 });
  expect(strict.targets[1]?.results.map(({ goodput }) => goodput)).toEqual([
    expect.objectContaining({ slo: { e2el: 1 }, good: 0, attempted: 16 }),
    expect.objectContaining({ slo: { e2el: 1 }, good: 0, attempted: 16 }),
  ]);
  expect(strict.targets[1]?.results[0]?.metrics).toEqual(report.targets[1]?.results[0]?.metrics);
});

test('a line has no word of prompt, answer or refusal, and moments from its own sending on', () => {
  const [line] = toLines(untidy(3).slice(7, 8), { report: 'r', target: 0, level: 0 }, plan);
  expect(JSON.stringify(line)).not.toContain('secret');
  expect(line).toMatchObject({ id: 'r-engine-2-7', sent_ms: 0, failure: 'http_429' });
  expect(Math.abs(line?.due_ms ?? 99)).toBeLessThan(3);
});

test('what is kept in a folder is found by the folder, the report and the requests alike', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-records-'));
  folders.push(folder);
  const { report, lines } = recordedReport();
  const place = await placeOf(`${folder}/new/`, false);
  await keepReport(place, namingRequests(report, place), lines);
  for (const name of ['', 'report.json', 'requests.jsonl']) {
    const found = await readRecorded(path.join(folder, 'new', name));
    expect(['report' in found && found.report.requests_file, found.lines]).toEqual(['requests.jsonl', lines]);
  }
  const single = await placeOf(path.join(folder, 'one.json'), true);
  await keepReport(single, namingRequests(report, single), lines);
  expect((await readRecorded(path.join(folder, 'one.requests.jsonl'))).lines).toEqual(lines);
  expect((await readFile(path.join(folder, 'one.requests.jsonl'), 'utf8')).split('\n')).toHaveLength(
    lines.length + 1,
  );
});

test('requests that are missing, damaged or of another report are refused with the reason', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-records-'));
  folders.push(folder);
  const { report, lines } = recordedReport();
  await expect(placeOf(path.join(folder, 'one.html'), true)).rejects.toMatchObject({ code: 'USAGE' });
  const place = await placeOf(`${folder}/`, false);
  const refusal = async () => (await readRecorded(folder).catch((error: Error) => error.message)) as string;
  await keepReport(place, report, lines);
  expect(await refusal()).toContain('names no file of requests');
  const other = lines.map((line) => ({ ...line, report: 'ffffffff' }));
  await keepReport(place, namingRequests(report, place), other);
  expect(await refusal()).toContain('are of report ffffffff, not 0a1b2c3d');
  await writeFile(path.join(folder, 'requests.jsonl'), `${JSON.stringify(lines[0])}\n{"half`);
  expect(await refusal()).toContain('Line 2 of');
  await rm(path.join(folder, 'requests.jsonl'));
  expect(await refusal()).toContain('cannot be read');
});

test('other tools are quoted level by level, ours first', () => {
  const { report, lines } = recordedReport();
  const said = explain(report, lines);
  expect(said.map(({ level, tools }) => [level, tools.length])).toEqual([
    ['synthetic, 2/s poisson', 8],
    ['synthetic, 2/s poisson', 8],
  ]);
  const [ours, vllm] = said[0]?.tools ?? [];
  expect([ours?.tool, vllm]).toEqual([
    'botllm',
    expect.objectContaining({ tool: 'vllm', ttft_ms: expect.closeTo(2.2, 3) }),
  ]);
});
