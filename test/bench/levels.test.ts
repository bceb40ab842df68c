import { expect, test } from 'vitest';
import { levelsOf, type Stayed, staysOf } from '../../src/bench/levels.js';
import type { LoadPlan } from '../../src/bench/load/plan.js';
import type { Sent } from '../../src/bench/load/sent.js';
import { analyse } from '../../src/bench/records/analyse.js';
import { aPlan } from './fixtures/plan.js';
import { aReport, aTarget } from './fixtures/report.js';

const plan = (via: LoadPlan['via'], runs = 5) =>
  aPlan({ via, runs, requestsPerRun: 2, reportId: `r-${via}` });

/** Answers of 100 ms and ten tokens, back to back from `at` on; the first is a warm-up. */
function stay(plan: LoadPlan, at: number, runs: number, ttft = 10): Stayed {
  const sent = Array.from({ length: 1 + runs * 2 }, (_, index): Sent => {
    const sentAt = at + index * 100;
    const contentAt = Array.from({ length: 10 }, (_, i) => sentAt + ttft + 10 * i);
    const trace = {
      ...{ scheduledAt: sentAt, sentAt, contentAt, endAt: sentAt + 100, finish: 'length' },
      characters: { first: 1, all: 10 },
      usage: { promptTokens: 100, outputTokens: 10, cachedTokens: 0 },
    };
    return index === 0
      ? { phase: 'warmup', index, trace }
      : { phase: 'measured', index, run: Math.floor((index - 1) / 2), trace };
  });
  const loopDelay = { p99: at / 1e6, max: 1 };
  return { plan, measured: { sent, backlog: at > 500_000, loopDelay, peakRssBytes: at } };
}

test('levels that take turns are gone through there and back, with half of the runs each time', () => {
  const order = staysOf([plan('engine'), plan('client')], true);
  expect(order.map(({ level, plan: { runs, reportId } }) => [level, runs, reportId])).toEqual([
    [0, 3, 'r-engine-there'],
    [1, 3, 'r-client-there'],
    [1, 2, 'r-client-back'],
    [0, 2, 'r-engine-back'],
  ]);
  expect(staysOf([plan('engine'), plan('client')], false).map(({ level }) => level)).toEqual([0, 1]);
  // One run cannot be halved, and one level has nobody to take turns with.
  expect(staysOf([plan('engine', 1), plan('client', 1)], true).map(({ level }) => level)).toEqual([0, 1]);
  expect(staysOf([plan('engine')], true).map(({ plan: { runs } }) => runs)).toEqual([5]);
});

test('two stays are one level: runs are counted on, and the time between them is no part of a rate', () => {
  const plans = [plan('engine'), plan('client')];
  const seen = new Map([
    [0, [stay(plan('engine'), 1_000, 3), stay(plan('engine'), 900_000, 2)]],
    [1, [stay(plan('client'), 200_000, 3), stay(plan('client'), 400_000, 2)]],
  ]);
  const { results, lines, loopDelay, peakRssBytes } = levelsOf(plans, seen, { reportId: '0a1b2c3d' }, 0);
  expect(results.map(({ via }) => via)).toEqual(['engine', 'client']);
  for (const { metrics, phase } of results) {
    expect([phase.measured, phase.warmup]).toEqual([10, 2]);
    expect(metrics.ttft_ms?.runs).toEqual([10, 10, 10, 10, 10]);
    // Ten tokens each 100 ms, in every run of both stays.
    expect(metrics.out_tps?.runs.map((rate) => Math.round(rate))).toEqual([100, 100, 100, 100, 100]);
  }
  expect(results.map(({ flags }) => flags.includes('backlog'))).toEqual([true, false]);
  expect([loopDelay.p99, peakRssBytes]).toEqual([0.9, 900_000]);
  // And from the lines alone they are found again.
  const { workload } = plan('engine');
  const report = aReport({ targets: [aTarget({ results })], config: { workload } });
  expect(analyse(report, lines)).toEqual(report);
});

test('a level that Ctrl-C left without a request is left out', () => {
  const seen = new Map([[1, [stay(plan('client'), 0, 1)]]]);
  const { results, lines } = levelsOf([plan('engine'), plan('client')], seen, { reportId: 'r' }, 0);
  expect(results.map(({ via }) => via)).toEqual(['client']);
  expect(new Set(lines.map(({ level }) => level))).toEqual(new Set([0]));
});

test('what became slower from one stay to the next drifts', () => {
  const flags = (later: number) => {
    const stays = [stay(plan('engine'), 1_000, 3, 50), stay(plan('engine'), 400_000, 3, later)];
    return levelsOf([plan('engine')], new Map([[0, stays]]), { reportId: 'r' }, 0).results[0]?.flags.includes(
      'drift',
    );
  };
  expect([flags(50), flags(70)]).toEqual([false, true]);
});
