import { PRIORITIES, type Priority } from '../types.js';

/** Somebody who waits for a place at the engine. */
export interface Waiter {
  readonly user: string;
  readonly priority: Priority;
}

/** A class that has been passed over so often in a row has the next turn. */
const EVERY = 8;

/** Who is next: by class, and inside a class by user. */
export interface FairQueue<W extends Waiter> {
  push(waiter: W): void;
  /**
   * The next one. A class goes before those below it, except that every class with somebody waiting has at
   * least one of 8 turns (two, when both lower classes wait: each has its own). Inside a class the turns go
   * round the users.
   */
  shift(): W | undefined;
  /** @returns whether he was waiting */
  remove(waiter: W): boolean;
  /** How many would have their turns before a newcomer, as far as those who are here tell. */
  ahead(newcomer: Waiter): number;
  /**
   * Who makes room for a newcomer when there is none: the youngest of a class below his; else, in his own
   * class, the youngest of the user with the longest queue, if that is longer than the newcomer's would be.
   */
  victim(newcomer: Waiter): W | undefined;
  /** The youngest of the user with the longest queue in this class. */
  youngest(priority: Priority): W | undefined;
  waiting(priority: Priority): number;
  readonly size: number;
}

export function createFairQueue<W extends Waiter>(): FairQueue<W> {
  /** Of each class the users in the order of their turns, and of each user his calls, oldest first. */
  const lanes: Record<Priority, Map<string, W[]>> = {
    interactive: new Map(),
    improve: new Map(),
    batch: new Map(),
  };
  const waiting: Record<Priority, number> = { interactive: 0, improve: 0, batch: 0 };
  const passedOver: Record<Priority, number> = { interactive: 0, improve: 0, batch: 0 };

  const nextClass = (): Priority | undefined => {
    const here = PRIORITIES.filter((priority) => waiting[priority] > 0);
    const chosen = here.find((priority) => passedOver[priority] >= EVERY - 1) ?? here[0];
    for (const priority of PRIORITIES) {
      if (priority === chosen || waiting[priority] === 0) passedOver[priority] = 0;
      else passedOver[priority] += 1;
    }
    return chosen;
  };

  const longest = (priority: Priority): W[] => {
    let found: W[] = [];
    // Of equals the last, whose turn is the farthest away.
    for (const calls of lanes[priority].values()) if (calls.length >= found.length) found = calls;
    return found;
  };

  return {
    get size() {
      return waiting.interactive + waiting.improve + waiting.batch;
    },
    waiting: (priority) => waiting[priority],
    push(waiter) {
      const lane = lanes[waiter.priority];
      const calls = lane.get(waiter.user);
      if (calls) calls.push(waiter);
      else lane.set(waiter.user, [waiter]);
      waiting[waiter.priority] += 1;
    },
    shift() {
      const priority = nextClass();
      if (!priority) return undefined;
      const lane = lanes[priority];
      const [turn] = lane;
      if (!turn) return undefined;
      const [user, calls] = turn;
      const next = calls.shift();
      lane.delete(user);
      if (calls.length > 0) lane.set(user, calls);
      waiting[priority] -= 1;
      return next;
    },
    remove(waiter) {
      const lane = lanes[waiter.priority];
      const calls = lane.get(waiter.user) ?? [];
      const index = calls.indexOf(waiter);
      if (index < 0) return false;
      calls.splice(index, 1);
      if (calls.length === 0) lane.delete(waiter.user);
      waiting[waiter.priority] -= 1;
      return true;
    },
    ahead({ user, priority }) {
      const above = PRIORITIES.slice(0, PRIORITIES.indexOf(priority));
      const lane = lanes[priority];
      const own = lane.get(user)?.length ?? 0;
      let before = own;
      for (const higher of above) before += waiting[higher];
      for (const [other, calls] of lane) if (other !== user) before += Math.min(calls.length, own + 1);
      return before;
    },
    youngest: (priority) => longest(priority).at(-1),
    victim({ user, priority }) {
      const lowest = PRIORITIES.findLast((other) => waiting[other] > 0);
      if (lowest === undefined || PRIORITIES.indexOf(lowest) < PRIORITIES.indexOf(priority)) return undefined;
      const calls = longest(lowest);
      const own = lanes[priority].get(user)?.length ?? 0;
      return lowest !== priority || calls.length > own + 1 ? calls.at(-1) : undefined;
    },
  };
}
