import type { Priority } from '../types.js';

/**
 * How long a newcomer may have to wait, measured in average calls: so it fits an engine of 50 ms as well as one
 * of 5 s.
 */
const CALM_CALLS = 4;
/** The same while the engine is overloaded: who is let in then is hardly later than on a quiet day. */
const OVERLOADED_CALLS = 0.3;
/** Overload begins when of the newcomers more than this share had to be turned away, and ends below the other. */
const OVERLOAD_FROM = 2 / 3;
const OVERLOAD_UNTIL = 1 / 3;
/** The weight of the newest newcomer in that share. */
const SHARE_WEIGHT = 1 / 16;
/** A burst is no overload: people have to be turned away for as long as an average call takes. */
const LASTING_CALLS = 1;
/** It is over when nobody was turned away for so many average calls. */
const FORGET_CALLS = 10;

/**
 * Decides how long a queue a class may have. A burst is worth waiting for, and a queue of some calls' length
 * takes it up. When most newcomers have to be turned away anyway, a queue helps nobody: it cannot become
 * shorter, and makes those late who get in. Then it is cut to a fraction of a call. `batch` has all the time
 * that its deadline leaves.
 */
export interface Door {
  /** The longest expected wait with which one may be in the queue. */
  longestWaitMs(priority: Priority, callMs: number): number;
  passed(priority: Priority): void;
  /** @returns true when the overload begins with this one */
  turnedAway(priority: Priority, callMs: number): boolean;
}

interface Crowd {
  turnedAwayShare: number;
  firstTurnedAway: number;
  lastTurnedAway: number;
  overloaded: boolean;
}

export function createDoor(now: () => number): Door {
  const crowd = (): Crowd => ({
    turnedAwayShare: 0,
    firstTurnedAway: Number.POSITIVE_INFINITY,
    lastTurnedAway: Number.POSITIVE_INFINITY,
    overloaded: false,
  });
  const crowds: Record<Priority, Crowd> = { interactive: crowd(), improve: crowd(), batch: crowd() };

  const count = (priority: Priority, turnedAway: 0 | 1): Crowd => {
    const it = crowds[priority];
    it.turnedAwayShare += SHARE_WEIGHT * (turnedAway - it.turnedAwayShare);
    if (it.turnedAwayShare < OVERLOAD_UNTIL) it.overloaded = false;
    return it;
  };

  return {
    longestWaitMs(priority, callMs) {
      const it = crowds[priority];
      if (now() - it.lastTurnedAway > FORGET_CALLS * callMs) crowds[priority] = crowd();
      if (priority === 'batch') return Number.POSITIVE_INFINITY;
      return callMs * (crowds[priority].overloaded ? OVERLOADED_CALLS : CALM_CALLS);
    },
    passed: (priority) => void count(priority, 0),
    turnedAway(priority, callMs) {
      const it = count(priority, 1);
      it.lastTurnedAway = now();
      it.firstTurnedAway = Math.min(it.firstTurnedAway, now());
      const lasts = now() - it.firstTurnedAway >= LASTING_CALLS * callMs;
      const begins = lasts && !it.overloaded && it.turnedAwayShare >= OVERLOAD_FROM;
      it.overloaded ||= begins;
      return begins;
    },
  };
}
