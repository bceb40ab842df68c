import { expect, test } from 'vitest';
import { searchCapacity } from '../../../src/bench/capacity/search.js';
import type { Slice } from '../../../src/bench/capacity/typical-slice.js';
import { seeded } from '../../../src/bench/statistics/random.js';
import { oneServer, trueRate } from './queue-truth.js';

const target = { e2eMs: 500, share: 0.95 };
const SERVICE_MS = 100;
/** Two a minute. */
const perUser = 2 / 60;
const truth = trueRate(SERVICE_MS, target.e2eMs, target.share) / perUser;

/** A true engine on a virtual clock: one server, whose answers take up to a twentieth more or less. */
function engine(seed: number, serviceMs = SERVICE_MS) {
  const random = seeded(seed);
  const service = () => serviceMs * (0.95 + 0.1 * random());
  return {
    model: {
      aloneMs: Array.from({ length: 20 }, service),
      slots: 1,
      ladder: [{ atOnce: 1, perSecond: 1000 / serviceMs }],
    },
    replay: async ({ burst, arrivals }: Slice) => {
      const all = oneServer([...Array<number>(burst).fill(0), ...arrivals], service()).slice(burst);
      return { attempted: all.length, good: all.filter((ms) => ms <= target.e2eMs).length };
    },
  };
}

test('the capacity of a queue whose truth is computed is found within a tenth, whatever the seed', async () => {
  const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
  const found = await Promise.all(
    seeds.map((seed) => searchCapacity({ ...engine(seed), target, perUser, requests: 100, seed })),
  );
  const near = found.filter(({ users }) => Math.abs(users / truth - 1) <= 0.1);
  expect(near.length).toBeGreaterThanOrEqual(9);
  for (const { users, tooMany, probes } of found) {
    expect(tooMany).toBeDefined();
    expect((tooMany ?? 0) / users).toBeLessThanOrEqual(1.1);
    // Both sides were measured, not computed.
    expect(probes.some((probe) => probe.users === users && probe.passed)).toBe(true);
    expect(probes.some((probe) => probe.users === tooMany && !probe.passed)).toBe(true);
  }
});

test('it is measured, not believed: an engine that is slower than its model is found out', async () => {
  const slow = engine(1, SERVICE_MS * 1.5);
  const { users, predicted } = await searchCapacity({
    ...slow,
    model: engine(1).model,
    target,
    perUser,
    requests: 100,
    seed: 1,
  });
  const slowTruth = trueRate(SERVICE_MS * 1.5, target.e2eMs, target.share) / perUser;
  expect(predicted / slowTruth).toBeGreaterThan(1.3);
  expect(users).toBeLessThan(predicted);
  expect(Math.abs(users / slowTruth - 1)).toBeLessThan(0.15);
});

test('what is near the limit is sent again until it is sure, at most three times; what is far from it, once', async () => {
  const { model } = engine(1);
  const ofGood = (...goods: number[]) => ({
    ...{ model, target, perUser, requests: 100, seed: 1 },
    replay: async () => ({ attempted: 100, good: goods.shift() ?? 100 }),
  });
  // 95 % of a hundred may be luck; 200 of 200 are not, nor are 40 of a hundred.
  const { probes } = await searchCapacity(ofGood(95, 96, 96, 40));
  expect(probes.map(({ attempted, good, passed }) => [attempted, good, passed]).slice(0, 2)).toEqual([
    // Three times, and twice more in the end, as the most that passed.
    [500, 487, true],
    [100, 40, false],
  ]);
  const lucky = await searchCapacity(ofGood(97, 90, 90));
  expect(lucky.probes[0]).toMatchObject({ attempted: 300, good: 277, passed: false });
  const sure = await searchCapacity(ofGood(100));
  expect(sure.probes[0]).toMatchObject({ attempted: 100, passed: true });
});

test('the most that passed are sent once more, and less are said where they do not pass again', async () => {
  const goods = [100, 40, 60];
  const replay = async () => ({ attempted: 100, good: goods.shift() ?? 100 });
  const { model } = engine(1);
  const found = await searchCapacity({ model, replay, target, perUser, requests: 100, seed: 1 });
  const { users, tooMany, predicted, probes } = found;
  // What the model has for the limit passed by luck.
  expect(probes[0]).toMatchObject({ users: predicted, attempted: 200, good: 160, passed: false });
  expect([tooMany, users]).toEqual([predicted, Math.floor(predicted / 1.06)]);
  expect(probes.at(-1)).toMatchObject({ users, attempted: 100, passed: true });
});

test('an engine whose one answer takes too long carries nobody', async () => {
  const { users, tooMany, probes } = await searchCapacity({
    ...engine(1, 600),
    target,
    perUser,
    requests: 20,
    seed: 1,
  });
  expect([users, tooMany, probes.length]).toEqual([0, 1, 1]);
});

test('an interruption leaves what was measured until then', async () => {
  const whole = engine(1);
  let left = 1;
  const replay = async (slice: Slice) => (left-- > 0 ? whole.replay(slice) : undefined);
  const { users, tooMany, probes } = await searchCapacity({
    ...whole,
    replay,
    target,
    perUser,
    requests: 100,
    seed: 1,
  });
  expect(probes).toHaveLength(1);
  const [probe] = probes;
  expect([users, tooMany]).toEqual(probe?.passed ? [probe.users, undefined] : [0, probe?.users]);
});
