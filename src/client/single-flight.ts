import { type BotllmError, type ErrorCode, isBotllmError } from '../errors.js';
import { type CancelScope, type Ending, openScope, orAbort } from './cancel.js';
import type { Clock } from './clock.js';

/** How long somebody is willing to wait. */
export interface Patience {
  readonly signal: Ending;
  remainingMs(): number;
}

/** What concerns the caller who made the flight alone; others take their own turn then. */
const NOT_INHERITED: ReadonlySet<ErrorCode> = new Set([
  'RATE_LIMIT_EXCEEDED',
  'OVERLOADED',
  'ABORTED',
  'DEADLINE_EXCEEDED',
] satisfies ErrorCode[]);

interface Flight<T> {
  result: Promise<T>;
  members: Set<Patience>;
  scope: CancelScope;
}

export interface SingleFlight<T> {
  /** A flight is under way that a newcomer would join now. */
  has(key: string): boolean;
  /**
   * Joins the flight under this key, or starts one. A flight belongs to nobody: it goes on while one of its
   * members is left, for as long as the most patient of them waits, and each member leaves by his own signal.
   * @returns the answer, and whether this caller's `start` got it
   */
  run(
    key: string,
    member: Patience,
    start: (flight: Patience) => Promise<T>,
  ): Promise<{ value: T; own: boolean }>;
}

/** One call to the engine for any number of equal ones at the same time. */
export function createSingleFlight<T>(clock: Clock): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  const launch = (key: string, start: (flight: Patience) => Promise<T>): Flight<T> => {
    const scope = openScope({ clock, parents: [] });
    const members = new Set<Patience>();
    const patience: Patience = {
      signal: scope,
      remainingMs: () => Math.max(0, ...[...members].map((member) => member.remainingMs())),
    };
    // Started in the next turn, when the first member is aboard.
    const result = Promise.resolve()
      .then(() => start(patience))
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
    result.catch(() => {});
    const flight: Flight<T> = { result, members, scope };
    flights.set(key, flight);
    return flight;
  };

  const board = async (key: string, flight: Flight<T>, member: Patience): Promise<T> => {
    flight.members.add(member);
    try {
      return await orAbort(flight.result, member.signal);
    } finally {
      flight.members.delete(member);
      if (flight.members.size === 0) {
        // A newcomer must not join what is being called off.
        if (flights.get(key) === flight) flights.delete(key);
        // Else the answer is there, and to call nothing off costs a stack trace.
        if (member.signal.aborted) flight.scope.cancel(member.signal.reason);
      }
    }
  };

  return {
    has: (key) => flights.has(key),
    async run(key, member, start) {
      for (;;) {
        const joined = flights.get(key);
        if (!joined) return { value: await board(key, launch(key, start), member), own: true };
        try {
          return { value: await board(key, joined, member), own: false };
        } catch (error) {
          member.signal.throwIfAborted();
          if (!concernsOthers(error)) throw error;
        }
      }
    },
  };
}

function concernsOthers(error: unknown): error is BotllmError {
  return isBotllmError(error) && NOT_INHERITED.has(error.code);
}
