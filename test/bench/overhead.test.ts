import { expect, test } from 'vitest';
import { headlines } from '../../src/bench/report/headlines.js';
import { overheads } from '../../src/bench/report/overhead.js';
import type { Target } from '../../src/bench/report/schema.js';
import type { Result } from '../../src/bench/report/schema-result.js';
import { centreOf } from '../../src/bench/statistics/interval.js';
import { aReport } from './fixtures/report.js';

const result = (via: Result['via'], ttft: number[], atOnce = 1): Result =>
  ({
    workload: 'synthetic',
    load: { kind: 'closed', concurrency: atOnce },
    via,
    metrics: { ttft_ms: { runs: ttft, ...centreOf(ttft) } },
  }) as unknown as Result;
const target = (...results: Result[]) => ({ id: 'm', results }) as unknown as Target;

test('what a way adds is its mean less that of the bare engine at the same load, with the interval of Welch', () => {
  // Welch by hand: means 105 and 100, variances of the means 2.5/5 and 10/5, 5.88 degrees of freedom, cut to 5.
  const found = overheads(
    target(result('engine', [96, 98, 100, 102, 104]), result('gateway', [103, 104, 105, 106, 107])),
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ target: 'm', level: 'synthetic, alone, via gateway', metric: 'ttft_ms' });
  expect(found[0]?.addedMs).toBeCloseTo(5, 9);
  const half = 2.5705818 * Math.sqrt(2.5);
  expect(found[0]?.ci95?.[0]).toBeCloseTo(5 - half, 4);
  expect(found[0]?.ci95?.[1]).toBeCloseTo(5 + half, 4);
});

test('a way is not compared with another load, nor with nothing', () => {
  expect(overheads(target(result('engine', [1, 2]), result('client', [2, 3], 4)))).toEqual([]);
  expect(overheads(target(result('client', [2, 3])))).toEqual([]);
  expect(overheads(target(result('engine', [1]), result('client', [3])))[0]).toEqual({
    ...{ target: 'm', level: 'synthetic, alone, via client', metric: 'ttft_ms', addedMs: 2 },
  });
});

test('each is a line above the tables', () => {
  const ways = [result('engine', [10, 10]), result('client', [11, 11]), result('gateway', [12, 12])];
  const lines = headlines(aReport({ targets: [target(...ways)] }));
  expect(lines.slice(-2)).toEqual([
    'm, synthetic, alone, via client: TTFT +1 ms [+1 … +1] against the engine asked directly',
    'm, synthetic, alone, via gateway: TTFT +2 ms [+2 … +2] against the engine asked directly',
  ]);
});
