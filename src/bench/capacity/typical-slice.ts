import { poissonArrivals } from '../load/arrivals.js';
import { seeded } from '../statistics/random.js';
import { type EngineModel, speedOf, topRate } from './engine-model.js';
import { simulate } from './simulate.js';

/** What a request must keep: the whole answer within so many milliseconds. */
export interface Target {
  e2eMs: number;
  /** Share of requests that must keep it. */
  share: number;
}

/** Some minutes of users, cut out of a long time. */
export interface Slice {
  /** Requests that were there already when it begins: sent at once, not counted. */
  burst: number;
  /** Milliseconds after its beginning. */
  arrivals: number[];
  /** Share of good requests over the long time, and in this slice, by the model. */
  expected: { long: number; slice: number };
}

const LONG = 20_000;
const CANDIDATES = 120;
/** Who finds so many times the limit of work before him is late, and so is whoever comes after him. */
const HOPELESS = 2;

/** Share of good requests over a long time at this rate, by the model. */
export function longShare(model: EngineModel, perSecond: number, target: Target, seed: number): number {
  return longTime(model, perSecond, target, seed).share;
}

/**
 * A short time that stands for a long one. Near its limit, an engine's queue comes and goes in waves longer than
 * anybody wants to measure: a random minute is a lucky or an unlucky one. So many minutes are cut out of a long
 * simulated time, each with the queue that it began with, and the one is taken whose share of good requests is
 * nearest to that of the whole. What then passes the real engine is measured, not simulated.
 */
export function typicalSlice(
  model: EngineModel,
  perSecond: number,
  requests: number,
  target: Target,
  seed: number,
): Slice {
  const long = longTime(model, perSecond, target, seed);
  const random = seeded(seed + 1);
  const mostBurst = model.slots + Math.ceil((HOPELESS * topRate(model) * target.e2eMs) / 1000);
  let best: Slice | undefined;
  for (let i = 0; i < CANDIDATES; i += 1) {
    const from = Math.floor(random() * (long.arrivals.length - requests));
    const startsAt = long.arrivals[from] ?? 0;
    const arrivals = long.arrivals.slice(from, from + requests).map((at) => at - startsAt);
    const burst = Math.min(mostBurst, long.met[from] ?? 0);
    const slice = shareOf(model, burst, arrivals, target, seed + i);
    const isNearer = !best || Math.abs(slice - long.share) < Math.abs(best.expected.slice - long.share);
    if (isNearer) best = { burst, arrivals, expected: { long: long.share, slice } };
  }
  return best ?? { burst: 0, arrivals: [0], expected: { long: long.share, slice: long.share } };
}

function longTime(model: EngineModel, perSecond: number, target: Target, seed: number) {
  const random = seeded(seed);
  const moments = poissonArrivals(perSecond, random);
  const arrivals = Array.from({ length: LONG }, () => moments.next().value);
  const passages = simulate(arrivals, drawn(model, LONG, random), {
    slots: model.slots,
    speed: speedOf(model),
  });
  // It begins with an empty engine, which is no part of a long time.
  const steady = passages.slice(LONG / 10);
  const good = steady.filter(({ tookMs }) => tookMs <= target.e2eMs).length;
  return { arrivals, met: passages.map(({ met }) => met), share: good / steady.length };
}

function shareOf(
  model: EngineModel,
  burst: number,
  arrivals: readonly number[],
  target: Target,
  seed: number,
): number {
  const all = [...Array<number>(burst).fill(0), ...arrivals];
  const works = drawn(model, all.length, seeded(seed));
  const passages = simulate(all, works, { slots: model.slots, speed: speedOf(model) }).slice(burst);
  return passages.filter(({ tookMs }) => tookMs <= target.e2eMs).length / Math.max(1, passages.length);
}

/** Work of requests as it was measured alone. */
function drawn({ aloneMs }: EngineModel, count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => aloneMs[Math.floor(random() * aloneMs.length)] ?? 0);
}
