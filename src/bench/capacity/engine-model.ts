/** What was measured of an engine, as far as a queue is concerned. Times are milliseconds. */
export interface EngineModel {
  /** Whole answers, alone: how long the work of one request takes, as often as it was measured. */
  aloneMs: readonly number[];
  /** Requests that it serves at once; more wait in the order in which they came. */
  slots: number;
  /** Answers per second with so many always at once, ascending by `atOnce`. */
  ladder: readonly { atOnce: number; perSecond: number }[];
}

/** The most answers per second that were ever seen. */
export function topRate({ ladder, aloneMs }: EngineModel): number {
  return Math.max(1000 / meanOf(aloneMs), ...ladder.map(({ perSecond }) => perSecond));
}

/**
 * How fast each of `k` requests in service goes on, against one alone: 1 for one, 1/2 where two share what one has.
 * Between two measured levels the answers per second are interpolated.
 */
export function speedOf({ aloneMs, ladder }: EngineModel): (k: number) => number {
  const alone = 1000 / meanOf(aloneMs);
  const known = [{ atOnce: 1, perSecond: alone }, ...ladder.filter(({ atOnce }) => atOnce > 1)];
  const rate = (k: number) => {
    const above = known.find(({ atOnce }) => atOnce >= k);
    const below = known.findLast(({ atOnce }) => atOnce <= k);
    if (!above) return below?.perSecond ?? alone;
    if (!below || below.atOnce === above.atOnce) return above.perSecond;
    const share = (k - below.atOnce) / (above.atOnce - below.atOnce);
    return below.perSecond + share * (above.perSecond - below.perSecond);
  };
  return (k) => rate(k) / (k * alone);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
