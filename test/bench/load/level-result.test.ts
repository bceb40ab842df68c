import { expect, test } from 'vitest';
import { levelResult } from '../../../src/bench/load/level-result.js';
import type { LoadPlan } from '../../../src/bench/load/plan.js';
import type { Sent } from '../../../src/bench/load/sent.js';
import { levelName } from '../../../src/bench/report/level-name.js';
import { Result } from '../../../src/bench/report/schema-result.js';
import type { RequestTrace } from '../../../src/bench/trace/request-trace.js';
import { aPlan } from '../fixtures/plan.js';

const plan = aPlan();
const quiet = { backlog: false, loopDelay: { p99: 0, max: 0 } };

/** One answer of 20 tokens, the first after `ttft`, one each 10 ms. */
function answered(sentAt: number, ttft = 100, over: Partial<RequestTrace> = {}): RequestTrace {
  return {
    scheduledAt: sentAt,
    sentAt,
    headAt: sentAt + 1,
    contentAt: Array.from({ length: 20 }, (_, i) => sentAt + ttft + 10 * i),
    characters: { first: 1, all: 20 },
    usage: { promptTokens: 100, outputTokens: 20, cachedTokens: 0 },
    finish: 'length',
    endAt: sentAt + ttft + 190,
    ...over,
  };
}

/** Back to back: two warm-ups, two runs of five, a filler that was let go. */
function sent(over: (i: number) => Partial<RequestTrace> = () => ({})): Sent[] {
  const at = (i: number) => 1000 + 290 * i;
  const measured = Array.from({ length: 10 }, (_, i) => ({
    phase: 'measured' as const,
    index: i + 2,
    run: Math.floor(i / 5),
    trace: answered(at(i + 2), 100, over(i)),
  }));
  return [
    { phase: 'warmup', index: 0, trace: answered(-3000, 900) },
    { phase: 'warmup', index: 1, trace: answered(-1500, 900) },
    ...measured,
    { phase: 'filler', index: 12, trace: answered(at(12), 100, { stopped: true, contentAt: [] }) },
  ];
}

test('a level is its runs: medians, rates over the time of a run, nothing of the warm-up', () => {
  const result = levelResult(plan, { ...quiet, sent: sent() }, { e2el: 300 });
  expect(Result.parse(result)).toEqual(result);
  expect(result.metrics.ttft_ms?.runs).toEqual([100, 100]);
  expect(result.metrics.tpot_ms?.mean).toBeCloseTo(10, 9);
  expect(result.metrics.decode_tps?.mean).toBeCloseTo(100, 9);
  // 100 tokens in five answers of 290 ms: from the first request of a run to the first of the next.
  expect(result.metrics.out_tps?.runs.map((rate) => Math.round(rate))).toEqual([69, 69]);
  expect(result.phase).toMatchObject({ warmup: 2, measured: 10 });
  expect(result.goodput).toMatchObject({ good: 10, attempted: 10, fraction: 1 });
  expect(result.tokens).toMatchObject({
    source: 'usage',
    cached_share: 0,
    cache_verified: true,
    short: 0,
    finish: { length: 10 },
  });
  expect(result.flags).toEqual(['indicative']);
  expect(result.metrics.lag_ms).toBeUndefined();
});

test('failures are counted by their kind, in the denominator, and flagged', () => {
  const broken = sent((i) =>
    i === 3 ? { failure: 'timeout', contentAt: [] } : i === 8 ? { failure: 'http_429', contentAt: [] } : {},
  );
  const result = levelResult(plan, { ...quiet, sent: broken }, { e2el: 300 });
  expect(result.errors).toEqual({ total: 2, by: { timeout: 1, http_429: 1 } });
  expect(result.goodput).toMatchObject({ good: 8, attempted: 10, fraction: 0.8 });
  expect(result.flags).toContain('errors');
});

test('each doubt has its flag', () => {
  const flags = (over: (i: number) => Partial<RequestTrace>, record = quiet) =>
    levelResult(plan, { ...record, sent: sent(over) }, undefined).flags;
  const usage = (fields: object) => () => ({
    usage: { promptTokens: 100, outputTokens: 20, cachedTokens: 0, ...fields },
  });
  expect(flags(usage({ cachedTokens: undefined }))).toContain('cache_unverified');
  expect(flags(usage({ cachedTokens: 60 }))).toContain('cache_hit');
  expect(flags(usage({ outputTokens: 15 }))).toContain('short_answers');
  expect(flags(() => ({ usage: undefined }))).toContain('tokens_estimated');
  expect(flags(usage({ outputTokens: 40 }))).toContain('first_chunk_assumed');
  expect(
    flags((i) => ({ contentAt: answered(1000 + 290 * (i + 2), i < 5 ? 100 : 150).contentAt })),
  ).toContain('drift');
  expect(flags(() => ({}), { ...quiet, loopDelay: { p99: 6, max: 9 } })).toContain('client_limited');
  expect(flags(() => ({}), { ...quiet, backlog: true })).toContain('backlog');
});

test('an open loop counts from the moment at which a request was due, and says how late it was sent', () => {
  const open: LoadPlan = { ...plan, load: { kind: 'open', requestRate: 2, arrival: 'poisson' } };
  const late = sent((i) => ({ scheduledAt: 1000 + 290 * (i + 2) - 40 }));
  const { metrics } = levelResult(open, { ...quiet, sent: late }, undefined);
  expect([metrics.ttft_ms?.mean, metrics.ttft_sched_ms?.mean, metrics.lag_ms?.mean]).toEqual([100, 140, 40]);
});

test('a figure that was to be exact and is not says so, and one that is not asked to be does not', () => {
  const uneven = sent((i) => ({ contentAt: answered(1000 + 290 * (i + 2), i < 5 ? 100 : 110).contentAt }));
  const flags = (ciTarget?: number) =>
    levelResult({ ...plan, ciTarget }, { ...quiet, sent: uneven }, undefined).flags.includes('inexact');
  expect([flags(), flags(0.05), flags(100)]).toEqual([false, true, false]);
});

test('prompts that share their beginning are another level, and no cache hit is a surprise there', () => {
  const warm = levelResult(
    { ...plan, cold: false },
    { ...quiet, sent: sent(() => ({ usage: { promptTokens: 100, outputTokens: 20, cachedTokens: 60 } })) },
    undefined,
  );
  expect([warm.prefix, levelName(warm), warm.flags]).toEqual([
    'warm',
    'synthetic, alone, warm',
    ['indicative'],
  ]);
  const cold = levelResult(plan, { ...quiet, sent: sent() }, undefined);
  expect([cold.prefix, levelName(cold)]).toEqual(['cold', 'synthetic, alone']);
});

test('a rate counts tokens, however few events they came in', () => {
  const inTwos = sent((i) => ({
    contentAt: answered(1000 + 290 * (i + 2)).contentAt.filter((_, event) => event % 2 === 0),
  }));
  const rates = levelResult(plan, { ...quiet, sent: inTwos }, undefined).metrics.out_tps?.runs;
  expect(rates?.map((rate) => Math.round(rate))).toEqual([69, 69]);
});

test('a measured request that was let go at the end is neither an answer nor a failure', () => {
  const stopped = sent((i) => (i === 9 ? { stopped: true, contentAt: [] } : {}));
  const result = levelResult(plan, { ...quiet, sent: stopped }, { e2el: 300 });
  expect([result.phase.measured, result.errors.total, result.goodput?.attempted]).toEqual([9, 0, 9]);
});
