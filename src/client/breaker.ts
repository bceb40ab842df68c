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
  /** Leave for one attempt, or null while open. While half open, one attempt at a time. */
  enter(): BreakerPermit | null;
}

/**
 * Keeps a dead engine from being asked by everybody: after some failures in a row all calls are refused at
 * once, except one probe a second, whose success lets everybody in again.
 */
export function createBreaker({ failures = 5, openMs = 1000, now }: BreakerOptions): Breaker {
  let inARow = 0;
  /** When the breaker opened last; null: closed. */
  let openedAt: number | null = null;
  let probing = false;

  const waitMs = () => {
    if (openedAt === null) return 0;
    const left = openedAt + openMs - now();
    if (left > 0) return left;
    return probing ? openMs : 0;
  };

  return {
    waitMs,
    enter() {
      if (waitMs() > 0) return null;
      const isProbe = openedAt !== null;
      if (isProbe) probing = true;
      let done = false;
      const once = (run: () => boolean) => {
        if (done) return false;
        done = true;
        if (isProbe) probing = false;
        return run();
      };
      return {
        succeed: () =>
          once(() => {
            inARow = 0;
            // A late success of an attempt from before the opening says nothing about now.
            if (!isProbe) return false;
            openedAt = null;
            return true;
          }),
        fail: () =>
          once(() => {
            inARow += 1;
            const wasClosed = openedAt === null;
            if (isProbe || (wasClosed && inARow >= failures)) openedAt = now();
            return wasClosed && openedAt !== null;
          }),
        cancel: () => {
          once(() => false);
        },
      };
    },
  };
}
