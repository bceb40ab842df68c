import { describe, expect, it } from 'vitest';
import { seeded } from '../../src/bench/statistics/random.js';
import type { Priority } from '../../src/types.js';
import { type Arrival, percentile, poisson, type Served, simulate } from './overload.js';

const SEED = 20261124;
const MEAN_MS = 1000;
/** Calls of any length, most of them short: what the next one will take cannot be foretold. */
const exponential = (chance: number) => -Math.log(1 - chance) * MEAN_MS;
const p95 = (served: readonly Served[]) =>
  percentile(
    served.map(({ totalMs }) => totalMs),
    0.95,
  );
/** At capacity: as many callers as places, each with his next call when he has his answer. None ever waits. */
const p95Alone = (arrivals: readonly { arrival: Arrival }[]) =>
  percentile(
    arrivals.map(({ arrival }) => arrival.callMs),
    0.95,
  );
const byUser = (calls: readonly { user: string }[]) => {
  const counts = new Map<string, number>();
  for (const { user } of calls) counts.set(user, (counts.get(user) ?? 0) + 1);
  return counts;
};
const burst = (size: number, more: Partial<Arrival> = {}) =>
  Array.from({ length: size }, (_, i) => ({
    at: 0,
    arrival: { user: `u${i}`, callMs: MEAN_MS, ...more },
  }));
/** One call before all others, from which the length of calls is known. */
const first = { at: 0, arrival: { user: 'first', callMs: MEAN_MS } };
const AFTER = MEAN_MS + 1;
const later = (arrivals: ReturnType<typeof burst>, at: number) =>
  arrivals.map(({ arrival }) => ({ at, arrival }));

describe.each([1, 4, 16])(`an engine with %i places (seed ${SEED})`, (places) => {
  const load = (times: number, more: Partial<Parameters<typeof poisson>[0]> = {}) =>
    poisson({
      load: times,
      places,
      meanMs: MEAN_MS,
      forMs: 600_000 / places,
      random: seeded(SEED),
      userOf: (chance) => `u${Math.floor(chance * 40)}`,
      ...more,
    });

  it.each([
    ['alike', {}],
    ['of any length', { lengthOf: exponential }],
  ])(
    'under ten times the load, calls %s: p95 of the admitted is at most 1.5 times that at capacity, and the engine is never idle for long',
    async (_, more) => {
      const arrivals = load(10, more);
      const { served, shed } = await simulate(arrivals, { places });
      expect(p95(served) / p95Alone(arrivals)).toBeLessThanOrEqual(1.5);
      expect(served.length + shed.length).toBe(arrivals.length);
      expect(served.length).toBeGreaterThan((0.85 * 600_000) / MEAN_MS);
    },
  );

  it('under ten times the load, half of it from one user: nobody starves, and he gets no more than the others let him', async () => {
    const userOf = (chance: number) => (chance < 0.5 ? 'flood' : `u${Math.floor(chance * 40)}`);
    const arrivals = load(10, { userOf });
    const { served, shed } = await simulate(arrivals, { places });
    expect(p95(served) / p95Alone(arrivals)).toBeLessThanOrEqual(1.5);
    const got = byUser(served);
    const asked = byUser([...served, ...shed]);
    const share = (user: string) => (got.get(user) ?? 0) / (asked.get(user) ?? 1);
    const others = [...asked.keys()].filter((user) => user !== 'flood');
    const fair = others.map(share);
    expect(others).toHaveLength(20);
    // A tenth of all calls can be served: of every user's calls at least a third of that is.
    expect(Math.min(...fair)).toBeGreaterThan(0.1 / 3);
    const mean = fair.reduce((sum, value) => sum + value, 0) / fair.length;
    expect(share('flood')).toBeLessThan(mean);
  });

  it('at four fifths of its capacity it turns next to nobody away', async () => {
    const { served, shed } = await simulate(load(0.8), { places });
    expect(shed.length / (served.length + shed.length)).toBeLessThan(0.03);
  });

  it('a burst is served: four calls for each place may wait', async () => {
    const { served, shed } = await simulate([first, ...later(burst(5 * places), AFTER)], { places });
    expect(shed).toEqual([]);
    expect(Math.max(...served.map(({ waitMs }) => waitMs))).toBe(4 * MEAN_MS);
  });

  it('a burst that is too large takes no place from those who wait already', async () => {
    const { served } = await simulate([first, ...later(burst(50 * places), AFTER)], { places });
    expect(served).toHaveLength(1 + 5 * places);
  });

  it('when the overload is over, the next burst is served', async () => {
    const overload = load(10, { forMs: 60_000 });
    const { shed } = await simulate([...overload, ...later(burst(5 * places), 120_000)], { places });
    expect(shed.filter(({ arrivedAt }) => arrivedAt >= 60_000)).toEqual([]);
  });
});

describe('the three classes', () => {
  const mixed = (shares: Record<Priority, number>) => {
    const random = seeded(SEED);
    return (Object.keys(shares) as Priority[]).flatMap((priority) =>
      poisson({
        load: shares[priority],
        places: 4,
        meanMs: MEAN_MS,
        forMs: 300_000,
        random,
        userOf: (chance) => `u${Math.floor(chance * 10)}`,
      }).map(({ at, arrival }) => ({ at, arrival: { ...arrival, priority } })),
    );
  };
  const of = (calls: readonly { priority: Priority }[], priority: Priority) =>
    calls.filter((call) => call.priority === priority).length;

  it('what is urgent goes first, and no class starves under an overload of the most urgent', async () => {
    const { served } = await simulate(mixed({ interactive: 5, improve: 1, batch: 1 }));
    // A class has one of eight turns while somebody waits in it; the queue of `improve` is kept short, too.
    const turns = served.length / 8;
    expect(of(served, 'improve')).toBeGreaterThan(0.4 * turns);
    expect(of(served, 'batch')).toBeGreaterThan(0.9 * turns);
    expect(of(served, 'interactive')).toBeGreaterThan(0.7 * served.length);
  });

  it('batch takes what is left over, and does not make the urgent wait long', async () => {
    const calm = await simulate(mixed({ interactive: 0.5, improve: 0, batch: 0 }));
    const { served, shed } = await simulate(mixed({ interactive: 0.5, improve: 0, batch: 3 }));
    expect(of(shed, 'interactive')).toBe(0);
    const urgent = served.filter(({ priority }) => priority === 'interactive');
    expect(p95(urgent)).toBeLessThan(2 * p95(calm.served));
    expect(served.length).toBeGreaterThan((0.95 * 4 * 300_000) / MEAN_MS);
  });
});

describe('a newcomer', () => {
  it('is turned away at once when the wait would outlast his deadline', async () => {
    const { shed } = await simulate([
      first,
      ...later(burst(8), AFTER),
      { at: AFTER + 1, arrival: { user: 'hasty', callMs: MEAN_MS, deadlineMs: 1500 } },
      { at: AFTER + 1, arrival: { user: 'patient', callMs: MEAN_MS, deadlineMs: 5000 } },
    ]);
    expect(shed).toMatchObject([{ user: 'hasty', retryAfterMs: 1999 }]);
  });

  it('is told when those before him will have had their turns: then there is room', async () => {
    const { shed, served } = await simulate([
      first,
      ...later(burst(21), AFTER),
      { at: AFTER + 5000, arrival: { user: 'again', callMs: MEAN_MS } },
    ]);
    expect(shed).toMatchObject([{ user: 'u20', retryAfterMs: 5000 }]);
    expect(served.find(({ user }) => user === 'again')).toMatchObject({ waitMs: 0 });
  });
});
