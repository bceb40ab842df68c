/** Moments in milliseconds of users who come with the same pause between them, for ever. */
export function* constantArrivals(perSecond: number): Generator<number, never, undefined> {
  for (let i = 0; ; i += 1) yield (i * 1000) / perSecond;
}

/** Of users who know nothing of each other: pauses are exponential (a Poisson process). */
export function* poissonArrivals(
  perSecond: number,
  random: () => number,
): Generator<number, never, undefined> {
  let at = 0;
  for (;;) {
    at += (-Math.log(1 - random()) * 1000) / perSecond;
    yield at;
  }
}
