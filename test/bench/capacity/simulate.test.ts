import { expect, test } from 'vitest';
import { speedOf } from '../../../src/bench/capacity/engine-model.js';
import { simulate } from '../../../src/bench/capacity/simulate.js';
import { longShare, typicalSlice } from '../../../src/bench/capacity/typical-slice.js';
import { poissonArrivals } from '../../../src/bench/load/arrivals.js';
import { seeded } from '../../../src/bench/statistics/random.js';
import { oneServer, trueRate, waitsAtMost } from './queue-truth.js';

const took = (...args: Parameters<typeof simulate>) => simulate(...args).map(({ tookMs }) => tookMs);

test('requests wait for a slot in the order in which they came', () => {
  const engine = { slots: 1, speed: () => 1 };
  expect(took([0, 1, 2, 100], [10, 10, 10, 10], engine)).toEqual([10, 19, 28, 10]);
});

test('requests at once share what the engine can do', () => {
  // Two at half the speed each: the first is alone for 4 ms, the second at the end.
  const found = took([0, 4], [10, 10], { slots: 2, speed: (k) => 1 / k });
  expect(found.map((ms) => Math.round(ms * 1e6) / 1e6)).toEqual([16, 16]);
  expect(simulate([0, 4, 5], [10, 10, 1], { slots: 3, speed: (k) => 1 / k }).map(({ met }) => met)).toEqual([
    0, 1, 2,
  ]);
});

test('one server of constant length is M/D/1: simulation, recursion and closed form agree', () => {
  const moments = poissonArrivals(8, seeded(7));
  const arrivals = Array.from({ length: 60_000 }, () => moments.next().value);
  const works = arrivals.map(() => 100);
  const simulated = took(arrivals, works, { slots: 1, speed: () => 1 });
  for (const [i, ms] of oneServer(arrivals, 100).entries()) expect(simulated[i]).toBeCloseTo(ms, 3);
  const share = simulated.filter((ms) => ms <= 400 + 100).length / simulated.length;
  expect(share).toBeCloseTo(waitsAtMost(400, 8 / 1000, 100), 1.5);
});

test('the long share of a measured engine is that of the closed form', () => {
  const model = { aloneMs: [100], slots: 1, ladder: [{ atOnce: 1, perSecond: 10 }] };
  const rate = trueRate(100, 500, 0.95);
  expect(rate).toBeGreaterThan(6.5);
  expect(longShare(model, rate, { e2eMs: 500, share: 0.95 }, 3)).toBeCloseTo(0.95, 1.5);
});

test('the speed of a batch is read off the rungs, and between them', () => {
  const speed = speedOf({
    aloneMs: [100],
    slots: 4,
    ladder: [
      { atOnce: 1, perSecond: 10 },
      { atOnce: 4, perSecond: 16 },
    ],
  });
  expect([speed(1), speed(2), speed(4), speed(8)]).toEqual([1, 0.6, 0.4, 0.2]);
});

test('a slice begins with the queue that its long time had there, and what it expects comes true', () => {
  const model = { aloneMs: [100], slots: 1, ladder: [{ atOnce: 1, perSecond: 10 }] };
  const target = { e2eMs: 500, share: 0.95 };
  const slices = [1, 2, 3, 4].map((seed) => typicalSlice(model, 9, 60, target, seed));
  expect(Math.max(...slices.map(({ burst }) => burst))).toBeGreaterThan(0);
  for (const { burst, arrivals, expected } of slices) {
    const all = oneServer([...Array<number>(burst).fill(0), ...arrivals], 100).slice(burst);
    const share = all.filter((ms) => ms <= target.e2eMs).length / all.length;
    expect(share).toBeCloseTo(expected.slice, 9);
    // It stands for the long time: no lucky minute, and no unlucky one.
    expect(Math.abs(expected.slice - expected.long)).toBeLessThan(0.02);
  }
});

test('a slice of a hopeless load begins with no longer queue than makes everybody late: it would only take time', () => {
  const model = { aloneMs: [100], slots: 1, ladder: [{ atOnce: 1, perSecond: 10 }] };
  const target = { e2eMs: 500, share: 0.95 };
  const { burst, arrivals, expected } = typicalSlice(model, 20, 60, target, 1);
  // Two limits' worth of work, and the one in service.
  expect(burst).toBe(11);
  const all = oneServer([...Array<number>(burst).fill(0), ...arrivals], 100).slice(burst);
  expect([expected.slice, all.filter((ms) => ms <= target.e2eMs)]).toEqual([0, []]);
});
