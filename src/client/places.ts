/** How much the newest call weighs in the estimate of a call's length. */
const EWMA_WEIGHT = 0.2;
/** For hints before anything was measured. */
const UNKNOWN_CALL_MS = 1000;

/** Gives a place back, and says whether the engine answered; the second time it does nothing. */
export type Leave = (answered: boolean) => void;

/** The engine's places: who has one, since when, and when the next one will be free. */
export interface Places {
  readonly taken: number;
  readonly isFree: boolean;
  /** What a call holds its place for, in milliseconds, the newest weighing most; null before the first one. */
  readonly averageMs: number | null;
  setLimit(places: number): void;
  /** @param onLeave when it is given back */
  take(onLeave: () => void): Leave;
  /** The wait, in milliseconds, of one with so many before him, as far as the average tells. */
  waitBehind(ahead: number): number;
}

export function createPlaces(places: number, now: () => number): Places {
  let limit = places;
  let averageMs: number | null = null;
  const taken = new Set<{ at: number }>();

  const learn = (heldMs: number, answered: boolean) => {
    // A refusal that took no time says nothing about how long an answer takes; a timeout does.
    if (!answered && heldMs <= (averageMs ?? heldMs)) return;
    averageMs = averageMs === null ? heldMs : averageMs + EWMA_WEIGHT * (heldMs - averageMs);
  };

  return {
    get taken() {
      return taken.size;
    },
    get isFree() {
      return taken.size < limit;
    },
    get averageMs() {
      return averageMs;
    },
    setLimit(next) {
      limit = next;
    },
    take(onLeave) {
      const place = { at: now() };
      taken.add(place);
      return (answered) => {
        if (!taken.delete(place)) return;
        learn(now() - place.at, answered);
        onLeave();
      };
    },
    waitBehind(ahead) {
      const callMs = averageMs ?? UNKNOWN_CALL_MS;
      // Calls end when they are as old as calls get; one that is older will last as much longer as it is late.
      const left = [...taken].map(({ at }) => Math.abs(callMs - (now() - at))).sort((a, b) => a - b);
      return (left[ahead % limit] ?? callMs) + Math.floor(ahead / limit) * callMs;
    },
  };
}
