import { expect, test } from 'vitest';
import { searchCapacity } from '../../../src/bench/capacity/search.js';
import type { Slice } from '../../../src/bench/capacity/typical-slice.js';
import { type Verification, type VerifyOptions, verifyCapacity } from '../../../src/bench/capacity/verify.js';
import { seeded } from '../../../src/bench/statistics/random.js';
import { oneServer, trueRate } from './queue-truth.js';

const SERVICE_MS = 100;
const target = { e2eMs: 800, share: 0.95 };
/** Two a minute. */
const perUser = 2 / 60;
const truth = Math.floor(trueRate(SERVICE_MS, target.e2eMs, target.share) / perUser);

/** One server on a virtual clock, whose answers take up to a twentieth more or less. */
function checked(seed: number) {
  const random = seeded(seed);
  const service = () => SERVICE_MS * (0.95 + 0.1 * random());
  const seen: Slice[] = [];
  const options = {
    ...{ target, perUser, requests: 200, seed },
    model: {
      aloneMs: Array.from({ length: 20 }, service),
      slots: 1,
      ladder: [{ atOnce: 1, perSecond: 1000 / SERVICE_MS }],
    },
    replay: async (slice: Slice) => {
      seen.push(slice);
      const { burst, arrivals } = slice;
      const all = oneServer([...Array<number>(burst).fill(0), ...arrivals], service()).slice(burst);
      return { attempted: all.length, good: all.filter((ms) => ms <= target.e2eMs).length };
    },
  };
  return { options, seen };
}

async function verify(users: number, options: VerifyOptions): Promise<Verification> {
  const verification = await verifyCapacity(users, options);
  if (!verification) throw new Error('it was interrupted');
  return verification;
}

test('the number that the search finds stands on traffic that it never saw, and a fifth more does not', async () => {
  const { options } = checked(3);
  const { users } = await searchCapacity(options);
  const { carried, overloaded, held } = await verify(users, { ...options, replays: 8 });
  expect([carried.users, overloaded.users]).toEqual([users, Math.round(users * 1.2)]);
  expect([carried.verdict, overloaded.verdict, held]).toEqual(['kept', 'missed', true]);
  for (const { shares, mean, ci95 } of [carried, overloaded]) {
    expect(shares).toHaveLength(8);
    expect(ci95[0]).toBeGreaterThanOrEqual(0);
    expect(ci95[1]).toBeLessThanOrEqual(1);
    expect(mean).toBeGreaterThanOrEqual(ci95[0]);
  }
});

test('a number that is too high or too low does not stand', async () => {
  const high = await verify(Math.round(truth * 1.15), { ...checked(1).options, replays: 4 });
  expect([high.carried.verdict, high.held]).toEqual(['missed', false]);
  const low = await verify(Math.round(truth * 0.6), { ...checked(1).options, replays: 4 });
  expect([low.carried.verdict, low.overloaded.verdict, low.held]).toEqual(['kept', 'kept', false]);
});

test('the two are sent in turn, each time afresh; what failed counts against them', async () => {
  const { options, seen } = checked(1);
  const turns: number[] = [];
  await verifyCapacity(100, { ...options, replays: 2, onReplay: (users) => turns.push(users) });
  expect(turns).toEqual([100, 120, 100, 120]);
  expect(new Set(seen.map(({ arrivals }) => (arrivals[1] ?? 0) * 1000)).size).toBe(4);
  const none = { ...options, replay: async () => ({ attempted: 0, good: 0 }), replays: 2 };
  expect((await verify(1, none)).carried).toMatchObject({ mean: 0, verdict: 'missed' });
});

test('by the interval: what reaches the target is kept, what lies wholly below it is missed', async () => {
  const { options } = checked(1);
  const goods = [100, 70, 90, 72, 95, 68, 92, 74];
  const replay = async () => ({ attempted: 100, good: goods.shift() ?? 0 });
  const { carried, overloaded } = await verify(100, { ...options, replay, replays: 4 });
  // By hand: mean 0.9425, deviation 0.0435, t(0.975; 3) = 3.1824 over the root of 4.
  expect(carried.mean).toBeCloseTo(0.9425, 9);
  expect(carried.ci95).toEqual([expect.closeTo(0.8733, 3), 1]);
  expect([carried.verdict, overloaded.verdict]).toEqual(['kept', 'missed']);
});

test('a mean far below the target is not called kept because the replays differ', async () => {
  const { options } = checked(1);
  // Mean 0.745, and an interval that reaches far above the target.
  const goods = [100, 20, 98, 40, 100, 0, 0, 20];
  const replay = async () => ({ attempted: 100, good: goods.shift() ?? 0 });
  const { carried, overloaded, held } = await verify(100, { ...options, replay, replays: 4 });
  expect([carried.mean, carried.ci95[1], carried.verdict]).toEqual([expect.closeTo(0.745, 9), 1, 'unclear']);
  expect([overloaded.verdict, held]).toEqual(['missed', false]);
});

test('a check that was interrupted says nothing', async () => {
  const { options } = checked(1);
  let left = 3;
  const replay = async (slice: Slice) => (left-- > 0 ? options.replay(slice) : undefined);
  expect(await verifyCapacity(100, { ...options, replay, replays: 2 })).toBeUndefined();
});
