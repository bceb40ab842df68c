import type { LoadStep } from '../capacity/measure-capacity.js';
import type { Capacity } from '../capacity/read-capacity.js';
import { type Probe, sidesOf } from '../capacity/search.js';
import { trialOf, type Verification, verificationOf } from '../capacity/verify.js';
import { judge } from '../load/judged.js';
import type { Pooled } from '../report/schema-result.js';
import { pooledOf } from '../statistics/percentiles.js';
import { isGood } from '../trace/slo.js';
import { fromLines, type RequestLine } from './request-line.js';

/** One load with what came of it. */
export type AnalysedLoad = LoadStep & {
  attempted: number;
  good: number;
  /** Of those that were answered, from the moment at which each was meant to go out. */
  e2e_ms: Pooled;
};

/** All else that the capacity has is in it as it was. */
export interface AnalysedCapacity
  extends Pick<Capacity, 'perUser' | 'e2eMs' | 'share' | 'users' | 'perSecond' | 'tooMany' | 'requestsFile'> {
  probes: Probe[];
  loads: AnalysedLoad[];
  verification?: Verification;
}

/**
 * A capacity made again from its requests: what came of every number of users, by the code that made it first. Under
 * another limit the numbers of users are those that were sent: nothing was searched for it, so the knee lies somewhere
 * between the two that are named, and what limits the engine there is not known.
 * @param e2eMs another limit than that of then
 */
export function analyseCapacity(
  capacity: Capacity,
  lines: readonly RequestLine[],
  e2eMs = capacity.e2eMs,
): AnalysedCapacity {
  const { share, perUser, verification: verified, tooMany: _then, ...rest } = capacity;
  const loads = capacity.loads.map((step, level) => {
    const judged = judge(fromLines(lines.filter((line) => line.level === level)));
    const took = judged.flatMap(({ metrics }) => metrics?.e2eScheduledMs ?? []);
    const good = judged.filter(({ metrics }) => isGood(metrics, { e2el: e2eMs })).length;
    return { ...step, attempted: judged.length, good, e2e_ms: pooledOf(took) };
  });
  const probes = probesOf(loads, share);
  const { carried: users, tooMany } = sidesOf(probes);
  const { limit: _, ...elsewhere } = rest;
  const trials = loads.flatMap((load) => (load.step === 'verify' ? [load] : []));
  // With so many users, and with a fifth more, by turns.
  const side = (odd: number) => {
    const own = trials.filter(({ at }) => at % 2 === odd);
    const shares = own.map(({ good, attempted }) => (attempted > 0 ? good / attempted : 0));
    return trialOf(own[0]?.users ?? 0, shares, share);
  };
  return {
    ...(e2eMs === capacity.e2eMs ? rest : elsewhere),
    ...{ share, perUser, e2eMs, users, probes, loads },
    perSecond: users * perUser,
    ...(tooMany !== undefined && { tooMany }),
    // One that was cut short was none.
    ...(verified && trials.length > 0 && { verification: verificationOf(side(1), side(0)) }),
  };
}

/** In the order in which each number of users was first sent; near the limit it is sent again. */
function probesOf(loads: readonly AnalysedLoad[], share: number): Probe[] {
  const sums = new Map<number, { attempted: number; good: number }>();
  for (const load of loads) {
    if (load.step !== 'probe') continue;
    const { attempted, good } = sums.get(load.users) ?? { attempted: 0, good: 0 };
    sums.set(load.users, { attempted: attempted + load.attempted, good: good + load.good });
  }
  return [...sums].map(([users, { attempted, good }]) => ({
    ...{ users, attempted, good },
    passed: attempted > 0 && good / attempted >= share,
  }));
}
