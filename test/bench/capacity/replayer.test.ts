import { expect, test } from 'vitest';
import { createReplayer } from '../../../src/bench/capacity/replayer.js';
import type { Instrument } from '../../../src/bench/load/instrument.js';
import type { LoadPlan } from '../../../src/bench/load/plan.js';
import type { Sent } from '../../../src/bench/load/sent.js';
import { aPlan } from '../fixtures/plan.js';

const base = aPlan({
  workload: { kind: 'synthetic', promptTokens: 8, outputTokens: 8, language: 'en' },
  runs: 1,
  requestsPerRun: 1,
});

/** Answers each request after so many milliseconds; null: it fails. What it was asked is kept. */
function instrument(...took: (number | null)[][]) {
  const plans: LoadPlan[] = [];
  const measure = async (plan: LoadPlan) => {
    plans.push(plan);
    const sent = (took[plans.length - 1] ?? []).map((ms, i): Sent => {
      const at = ms ?? 1;
      const phase =
        i < (plan.burst ?? 0) ? { phase: 'warmup' as const } : { phase: 'measured' as const, run: 0 };
      return {
        ...phase,
        index: i,
        trace: {
          ...{ scheduledAt: 0, sentAt: 0, contentAt: [at], characters: { first: 1, all: 1 }, endAt: at },
          usage: { promptTokens: 8, outputTokens: 1, cachedTokens: 0 },
          finish: 'length',
          ...(ms === null && { failure: 'http_503' as const }),
        },
      };
    });
    return { sent, backlog: false, loopDelay: { p99: plans.length, max: 9 - plans.length }, peakRssBytes: 0 };
  };
  return { plans, instrument: { measure } as unknown as Instrument };
}
const slice = (burst: number, count: number) => ({
  burst,
  arrivals: Array.from({ length: count }, (_, i) => i * 10),
  expected: { long: 1, slice: 1 },
});
const watch = { signal: new AbortController().signal, onProgress: () => undefined };
const target = { e2eMs: 100, share: 0.75 };

test('who was there before is sent at once and not counted; what fails is attempted and not good', async () => {
  const { plans, instrument: measuring } = instrument([500, 500, 50, 100, 101, null]);
  const { replay } = createReplayer(measuring, base, target, watch);
  expect(await replay(slice(2, 4))).toEqual({ attempted: 4, good: 2 });
  expect(plans[0]).toMatchObject({
    ...{ load: { kind: 'arrivals', atMs: [0, 0, 0, 10, 20, 30] }, burst: 2, warmup: 0, requestsPerRun: 4 },
  });
});

test('each replay asks afresh, the one that missed decides, and the worst delay is kept', async () => {
  const { plans, instrument: measuring } = instrument([50], [150], [60]);
  const replayer = createReplayer(measuring, base, target, watch);
  for (let i = 0; i < 3; i += 1) await replayer.replay(slice(0, 1));
  expect(new Set(plans.map(({ reportId }) => reportId)).size).toBe(3);
  expect(replayer.decisive?.sent[0]?.trace.endAt).toBe(150);
  expect(replayer.loopDelay).toEqual({ p99: 3, max: 8 });
});

test('what was cut short by an interruption is no finding, and nothing is sent after it', async () => {
  const { plans, instrument: measuring } = instrument([150], [50]);
  const controller = new AbortController();
  const cut: Instrument = {
    ...measuring,
    measure: (...args) => {
      controller.abort();
      return measuring.measure(...args);
    },
  };
  const replayer = createReplayer(cut, base, target, { ...watch, signal: controller.signal });
  expect(await replayer.replay(slice(0, 1))).toBeUndefined();
  expect(await replayer.replay(slice(0, 1))).toBeUndefined();
  expect([plans.length, replayer.decisive]).toEqual([1, undefined]);
});
