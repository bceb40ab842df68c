import { BotllmError } from '../errors.js';
import type { Priority } from '../types.js';
import { orAbort } from './cancel.js';
import { createDoor } from './door.js';
import { createFairQueue, type Waiter } from './fair-queue.js';
import { MESSAGES } from './messages.js';
import { createPlaces, type Leave } from './places.js';
import type { Patience } from './single-flight.js';

export interface Admission {
  /**
   * Waits for one of the engine's places, by class and by user (see `FairQueue`).
   * @returns gives the place back, and says whether the engine answered
   * @throws BotllmError `OVERLOADED`, at once, when the wait would be too long (see `Door`), or when the queue
   * is full and nobody in it makes room; later, when this one has to make room for another. The hint is the
   * time in which those who wait now will have had their turns. Else the signal's reason when it aborts
   */
  enter(who: Waiter, patience: Patience): Promise<Leave>;
  /** The engine told how many it can serve at once. */
  setLimit(places: number): void;
  /** What a call holds its place for, in milliseconds; null before the first one. */
  readonly averageMs: number | null;
  readonly inFlight: number;
  readonly queued: number;
}

/** Sees what happens at the engine's door. */
export interface AdmissionGauge {
  inFlight(change: 1 | -1): void;
  queued(priority: Priority, change: 1 | -1): void;
  /** One was let in, after so many milliseconds (0: at once). */
  waited(priority: Priority, ms: number): void;
}

export interface AdmissionOptions {
  places: number;
  /** Calls that may wait. */
  maxQueued: number;
  now: () => number;
  gauge?: AdmissionGauge;
}

interface Ticket extends Waiter {
  letIn(): void;
  turnAway(error: BotllmError): void;
}

/** Bounds the calls in flight to one engine, and the queue before it in number and in time. */
export function createAdmission({ places, maxQueued, now, gauge }: AdmissionOptions): Admission {
  const engine = createPlaces(places, now);
  const queue = createFairQueue<Ticket>();
  const door = createDoor(now);

  const take = (priority: Priority, since: number): Leave => {
    gauge?.inFlight(1);
    gauge?.waited(priority, now() - since);
    return engine.take(() => {
      gauge?.inFlight(-1);
      letIn();
    });
  };

  const letIn = () => {
    while (engine.isFree) {
      const next = queue.shift();
      if (!next) return;
      gauge?.queued(next.priority, -1);
      next.letIn();
    }
  };

  const overloaded = (who: Waiter): BotllmError => {
    const retryAfterMs = Math.ceil(engine.waitBehind(queue.ahead(who)));
    return new BotllmError('OVERLOADED', MESSAGES.overloaded(retryAfterMs, queue.size), {
      retryAfterMs,
      hint: MESSAGES.overloadedHint,
    });
  };

  const turnAway = (ticket: Ticket) => {
    leaveQueue(ticket);
    ticket.turnAway(overloaded(ticket));
  };

  const makeRoom = (who: Waiter): boolean => {
    if (queue.size < maxQueued) return true;
    const victim = queue.victim(who);
    if (victim) turnAway(victim);
    return victim !== undefined;
  };

  /**
   * Who was let in while it was calm, or was overtaken by users with fewer calls, may be too late now: of the user
   * with most calls the youngest goes, until the queue is bearable again.
   */
  const shorten = (priority: Priority) => {
    const longestMs = door.longestWaitMs(priority, engine.averageMs ?? 0);
    for (let last = queue.youngest(priority); last; last = queue.youngest(priority)) {
      if (engine.waitBehind(queue.waiting(priority) - 1) <= longestMs) return;
      turnAway(last);
    }
  };

  const bearable = (who: Waiter, remainingMs: number): boolean => {
    const { averageMs } = engine;
    if (averageMs === null) return true;
    const longestMs = door.longestWaitMs(who.priority, averageMs);
    return engine.waitBehind(queue.ahead(who)) <= Math.min(longestMs, remainingMs);
  };

  const leaveQueue = (ticket: Ticket) => {
    if (queue.remove(ticket)) gauge?.queued(ticket.priority, -1);
  };

  return {
    get inFlight() {
      return engine.taken;
    },
    get queued() {
      return queue.size;
    },
    get averageMs() {
      return engine.averageMs;
    },
    setLimit(next) {
      engine.setLimit(next);
      letIn();
    },
    async enter(who, { signal, remainingMs }) {
      signal.throwIfAborted();
      const since = now();
      if (engine.isFree && queue.size === 0) {
        door.passed(who.priority);
        return take(who.priority, since);
      }
      if (!(bearable(who, remainingMs()) && makeRoom(who))) {
        const error = overloaded(who);
        if (door.turnedAway(who.priority, engine.averageMs ?? 0)) shorten(who.priority);
        throw error;
      }
      door.passed(who.priority);
      let release: Leave | undefined;
      let ticket: Ticket | undefined;
      const turn = new Promise<void>((resolve, reject) => {
        ticket = {
          ...who,
          letIn: () => {
            release = take(who.priority, since);
            resolve();
          },
          turnAway: reject,
        };
        queue.push(ticket);
        gauge?.queued(who.priority, 1);
      });
      if (engine.averageMs !== null) shorten(who.priority);
      try {
        await orAbort(turn, signal);
        return release ?? take(who.priority, since);
      } catch (reason) {
        // Let in and called off in the same moment: the place goes to the next one.
        if (release) release(false);
        else if (ticket) leaveQueue(ticket);
        throw reason;
      }
    },
  };
}
