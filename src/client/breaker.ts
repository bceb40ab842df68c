export interface BreakerOptions {
  /** Failures in a row that open it; 5 by default. */
  failures?: number;
  /** Milliseconds until one call may try again; 1,000 by default. */
  openMs?: number;
  /** Monotonic milliseconds: somebody who sets the machine's clock neither closes nor holds the breaker. */
  now: () => number;
}

/** Leave to make one attempt; exactly one of the three says how it went. */
export interface BreakerPermit {
  /** @returns true when this closed the breaker */
  succeed(): boolean;
  /** @returns true when this opened the breaker */
  fail(): boolean;
  /** The attempt says nothing about the engine (it was called off). */
  cancel(): void;
}

export interface Breaker {
  /** Milliseconds until a try makes sense, or 0 when an attempt may be made now. Takes nothing. */
  waitMs(): number;
  /** Leave for one attempt, or null while open. While half open, one attempt each `openMs`. */
  enter(): BreakerPermit | null;
}

/**
 * Keeps a dead engine from being asked by everybody: after some failures in a row all calls are refused at
 * once, except one probe a second, whose success lets everybody in again. A probe that hangs does not keep the
 * next one away: the engine that is back answers that one, and not what it never got.
 */
export function createBreaker({ failures = 5, openMs = 1000, now }: BreakerOptions): Breaker {
  let inARow = 0;
  /** When the next probe may go; null: closed. */
  let probeAt: number | null = null;
  /** Times that it closed: what began before the last one says nothing about now. */
  let era = 0;

  const waitMs = () => (probeAt === null ? 0 : Math.max(0, probeAt - now()));

  return {
    waitMs,
    enter() {
      if (waitMs() > 0) return null;
      const isProbe = probeAt !== null;
      if (isProbe) probeAt = now() + openMs;
      const ownTurn = probeAt;
      const ownEra = era;
      let done = false;
      const once = (run: () => boolean) => {
        if (done || ownEra !== era) return false;
        done = true;
        return run();
      };
      /** The probe that went last decides when the next one goes. */
      const nextProbe = (at: number) => {
        if (isProbe && probeAt === ownTurn) probeAt = at;
        return false;
      };
      return {
        succeed: () =>
          once(() => {
            inARow = 0;
            // Nor does a late success of an attempt from before the opening.
            if (!isProbe) return false;
            probeAt = null;
            era += 1;
            return true;
          }),
        fail: () =>
          once(() => {
            if (probeAt !== null) return nextProbe(now() + openMs);
            inARow += 1;
            if (inARow < failures) return false;
            probeAt = now() + openMs;
            return true;
          }),
        cancel: () => {
          once(() => nextProbe(now()));
        },
      };
    },
  };
}
