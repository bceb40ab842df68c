import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepCapacity } from '../../../src/bench/capacity/keep.js';
import type { CapacityLoad, LoadStep } from '../../../src/bench/capacity/measure-capacity.js';
import type { Sent } from '../../../src/bench/load/sent.js';
import { analyseCapacity } from '../../../src/bench/records/analyse-capacity.js';
import { type RecordedCapacity, readRecorded } from '../../../src/bench/records/read-recorded.js';
import { aPlan } from '../fixtures/plan.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'botllm-capacity-'));
});
afterEach(() => rm(folder, { recursive: true }));

const plan = aPlan({ load: { kind: 'closed', concurrency: 1 } });

/** Answers that took so long; 0: refused. What was there before the users is sent, and not counted. */
function load(step: LoadStep, ...took: number[]): CapacityLoad {
  const sent = took.map((ms, index): Sent => {
    const at = 1000 + index * 10;
    const trace = {
      ...{ scheduledAt: at, sentAt: at, characters: { first: 1, all: 1 }, endAt: at + ms },
      ...(ms === 0
        ? { contentAt: [], failure: 'http_429' as const }
        : { contentAt: [at + ms], finish: 'stop', usage: { promptTokens: 1, outputTokens: 1 } }),
    };
    return { phase: 'measured', index, run: 0, trace };
  });
  const before: Sent = { ...(sent[0] as Sent), phase: 'warmup' } as Sent;
  return { ...step, plan, sent: [before, ...sent] };
}

const LOADS = [
  load({ step: 'ladder', atOnce: 1 }, 50, 60),
  load({ step: 'probe', users: 12 }, 90, 200, 0, 95),
  load({ step: 'probe', users: 10 }, 80, 90, 70, 200),
  // Near the limit it is sent again.
  load({ step: 'probe', users: 10 }, 80, 90, 70, 60),
  load({ step: 'verify', users: 10, at: 1, of: 4 }, 80, 90, 70, 60),
  load({ step: 'verify', users: 12, at: 2, of: 4 }, 180, 190, 0, 200),
  load({ step: 'verify', users: 10, at: 3, of: 4 }, 80, 90, 70, 60),
  load({ step: 'verify', users: 12, at: 4, of: 4 }, 180, 190, 0, 200),
];
const FOUND = {
  ...{ served: 'm', limit: 'throughput', perUser: 0.5, e2eMs: 100, share: 0.75, perSecond: 5 },
  ...{ users: 10, tooMany: 12 },
  probes: [
    { users: 12, attempted: 4, good: 2, passed: false },
    { users: 10, attempted: 8, good: 7, passed: true },
  ],
  verification: {
    carried: { users: 10, shares: [1, 1], mean: 1, ci95: [1, 1], verdict: 'kept' },
    overloaded: { users: 12, shares: [0, 0], mean: 0, ci95: [0, 0], verdict: 'missed' },
    held: true,
  },
};
const file = () => path.join(folder, 'capacity.json');
const keep = () =>
  keepCapacity({ file: file(), requests: path.join(folder, 'capacity.requests.jsonl') }, FOUND, {
    reportId: 'c1',
    loads: LOADS,
  });
const recorded = async (from = file()) => (await readRecorded(from)) as RecordedCapacity;

test('a capacity made again from its requests has the figures that it had, and what came of every load', async () => {
  await keep();
  for (const from of [file(), path.join(folder, 'capacity.requests.jsonl')]) {
    const { capacity, lines } = await recorded(from);
    const { loads, ...again } = analyseCapacity(capacity, lines);
    expect(again).toMatchObject(FOUND);
    expect(loads.map(({ attempted, good, e2e_ms: took }) => [attempted, good, took.max])).toEqual([
      [2, 2, 60],
      [4, 2, 200],
      [4, 3, 200],
      [4, 4, 90],
      [4, 4, 90],
      [4, 0, 200],
      [4, 4, 90],
      [4, 0, 200],
    ]);
  }
});

test('under another limit the same loads are judged anew, and what limits there is not claimed', async () => {
  await keep();
  const { capacity, lines } = await recorded();
  const strict = analyseCapacity(capacity, lines, 65);
  expect(strict).toMatchObject({ e2eMs: 65, users: 0, tooMany: 10, perSecond: 0 });
  expect(strict).not.toHaveProperty('limit');
  const lax = analyseCapacity(capacity, lines, 1000);
  expect(lax).toMatchObject({ users: 12, verification: { held: false } });
  expect(lax.tooMany).toBeUndefined();
});

test('a capacity without requests, or one that is damaged, is refused with the reason', async () => {
  await keepCapacity({ file: file() }, FOUND, { reportId: 'c1', loads: LOADS });
  await expect(readRecorded(file())).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('names no file of requests'),
  });
  const text = await readFile(file(), 'utf8');
  await writeFile(file(), text.replace('"probes"', '"other"'));
  await expect(readRecorded(file())).rejects.toMatchObject({
    message: expect.stringContaining('no capacity that can be read'),
    detail: expect.stringContaining('probes'),
  });
});
