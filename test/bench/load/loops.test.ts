import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { constantArrivals, poissonArrivals } from '../../../src/bench/load/arrivals.js';
import { closedLoop } from '../../../src/bench/load/closed-loop.js';
import { openLoop } from '../../../src/bench/load/open-loop.js';
import type { Send } from '../../../src/bench/load/sent.js';
import { createTicketOffice } from '../../../src/bench/load/ticket.js';
import { seeded } from '../../../src/bench/statistics/random.js';

const now = () => performance.now();
const watch = { signal: new AbortController().signal, now };
const answered = (scheduledAt: number, failure?: 'refused') => {
  const sentAt = { scheduledAt, sentAt: scheduledAt, endAt: now() };
  const trace = { ...sentAt, contentAt: [], characters: { first: 0, all: 0 }, failure };
  return { failed: failure !== undefined, trace: () => trace };
};

/** Takes some milliseconds for each request and counts how many are there at once. */
function engine(serviceMs: (index: number) => number) {
  const seen = { most: 0, least: Number.POSITIVE_INFINITY, busy: 0 };
  const send: Send = async ({ index, phase }, scheduledAt, signal) => {
    seen.busy += 1;
    seen.most = Math.max(seen.most, seen.busy);
    await sleep(serviceMs(index), undefined, { signal }).catch(() => undefined);
    // How many others were under way when a measured one ended.
    if (phase === 'measured') seen.least = Math.min(seen.least, seen.busy);
    seen.busy -= 1;
    return answered(scheduledAt);
  };
  return { seen, send };
}

test('a closed loop keeps its slots full from the first measured request to the last', async () => {
  const { seen, send } = engine((index) => 2 + (index % 5));
  const office = createTicketOffice({ warmup: 6, runs: 3, requestsPerRun: 7 }, now);
  const all = await closedLoop(send, office, 4, watch);
  const of = (phase: string) => all.filter((one) => one.phase === phase);
  expect([seen.most, seen.least]).toEqual([4, 4]);
  expect(
    of('measured')
      .map((one) => one.phase === 'measured' && one.run)
      .sort(),
  ).toEqual([...Array(7).fill(0), ...Array(7).fill(1), ...Array(7).fill(2)]);
  // Six had ended before the first measured one was sent.
  const firstMeasured = Math.min(...of('measured').map((one) => one.trace.sentAt));
  expect(of('warmup').filter((one) => one.trace.endAt <= firstMeasured).length).toBeGreaterThanOrEqual(6);
});

test('a run also ends with its time, but never with fewer than five requests', async () => {
  const { send } = engine(() => 10);
  const office = createTicketOffice({ warmup: 0, runs: 2, requestsPerRun: 1000, runMs: 30 }, now);
  const all = await closedLoop(send, office, 1, watch);
  for (const run of [0, 1]) {
    const size = all.filter((one) => one.phase === 'measured' && one.run === run).length;
    expect([run, size >= 5, size < 1000]).toEqual([run, true, true]);
  }
});

test('an open loop sends at its moments whatever the engine does, and says how late it was', async () => {
  const { seen, send } = engine(() => 60);
  const office = createTicketOffice({ warmup: 0, runs: 1, requestsPerRun: 10 }, now);
  const { sent, backlog } = await openLoop(send, office, constantArrivals(200), 100, watch);
  const measured = sent.filter((one) => one.phase === 'measured');
  const due = measured.map((one) => one.trace.scheduledAt).sort((a, b) => a - b);
  const [first = 0] = due;
  expect([measured.length, backlog, seen.most >= 5]).toEqual([10, false, true]);
  for (const [i, at] of due.entries()) expect(at - first).toBeCloseTo(5 * i, 6);
});

test('an open loop gives up on an engine that falls behind, and says so', async () => {
  const { send } = engine(() => 300);
  const office = createTicketOffice({ warmup: 0, runs: 1, requestsPerRun: 1000 }, now);
  const { sent, backlog } = await openLoop(send, office, constantArrivals(1000), 20, watch);
  expect([sent.length, backlog]).toEqual([20, true]);
});

test('users who know nothing of each other come as Poisson says, the same for a seed', () => {
  const take = (seed: number) => {
    const moments = poissonArrivals(10, seeded(seed));
    return Array.from({ length: 20_000 }, () => moments.next().value);
  };
  const moments = take(1);
  const gaps = moments.slice(1).map((at, i) => at - (moments[i] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  expect(mean).toBeGreaterThan(97);
  expect(mean).toBeLessThan(103);
  expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  expect(take(1)).toEqual(moments);
  expect(take(2)).not.toEqual(moments);
});

test('a server that refuses at once is not hammered', async () => {
  let asked = 0;
  const send: Send = async (_ticket, scheduledAt) => {
    asked += 1;
    return answered(scheduledAt, 'refused');
  };
  const office = createTicketOffice({ warmup: 1000, runs: 1, requestsPerRun: 1 }, now);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 220);
  await closedLoop(send, office, 2, { signal: stop.signal, now });
  expect(asked).toBeLessThan(30);
});

test('runs are added until the figures are exact enough, and the load never drains meanwhile', async () => {
  const { seen, send } = engine((index) => 2 + (index % 3));
  const looks: number[] = [];
  const plan = { warmup: 4, runs: 2, maxRuns: 9, requestsPerRun: 5 };
  const office = createTicketOffice(plan, now, () => looks.push(seen.busy) >= 3);
  const all = await closedLoop(send, office, 3, watch);
  const runs = all.flatMap((one) => (one.phase === 'measured' ? [one.run] : []));
  expect([looks.length, Math.max(...runs), runs.length, office.total]).toEqual([3, 3, 20, 20]);
  for (const run of [0, 1, 2, 3]) expect(runs.filter((one) => one === run)).toHaveLength(5);
  // Others were on their way at every look, and when each measured one ended.
  expect([Math.min(...looks), seen.least]).toEqual([2, 3]);
});

test('no more runs than allowed, and none more without being asked', async () => {
  const runsOf = async (plan: { maxRuns?: number }, isExact?: () => boolean) => {
    const { send } = engine(() => 1);
    const office = createTicketOffice({ warmup: 0, runs: 2, requestsPerRun: 5, ...plan }, now, isExact);
    const all = await closedLoop(send, office, 1, watch);
    return new Set(all.flatMap((one) => (one.phase === 'measured' ? [one.run] : []))).size;
  };
  expect(await runsOf({ maxRuns: 4 }, () => false)).toBe(4);
  expect(await runsOf({}, () => false)).toBe(2);
  expect(await runsOf({ maxRuns: 4 }, () => true)).toBe(2);
});

test('an open loop adds runs as well', async () => {
  const { send } = engine(() => 1);
  let looks = 0;
  const office = createTicketOffice(
    { warmup: 0, runs: 1, maxRuns: 5, requestsPerRun: 5 },
    now,
    () => ++looks >= 2,
  );
  const { sent } = await openLoop(send, office, constantArrivals(500), 100, watch);
  expect(sent.filter((one) => one.phase === 'measured').length).toBe(10);
});
