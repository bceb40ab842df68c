import { BotllmError } from '../errors.js';
import { orAbort } from './cancel.js';
import { MESSAGES } from './messages.js';

export interface Admission {
  /**
   * Waits for one of the engine's places. Places go round the users, so that one with a long queue delays
   * nobody but himself.
   * @returns gives the place back
   * @throws BotllmError `OVERLOADED` when the queue is full; the signal's reason when it aborts
   */
  enter(user: string, signal: AbortSignal): Promise<() => void>;
  /** The engine told how many it can serve at once. */
  setLimit(places: number): void;
  readonly inFlight: number;
  readonly queued: number;
}

export interface AdmissionOptions {
  places: number;
  /** Calls that may wait. */
  maxQueued: number;
  now: () => number;
}

/** How much the newest call weighs in the estimate of a call's length. */
const EWMA_WEIGHT = 0.2;

/** Bounds the calls in flight to one engine, and the queue before it. */
export function createAdmission({ places, maxQueued, now }: AdmissionOptions): Admission {
  let limit = places;
  let inFlight = 0;
  let queued = 0;
  let averageMs = 1000;
  /** Users in the order of their turns; a user goes to the end each time one of his calls is let in. */
  const queues = new Map<string, (() => void)[]>();

  const take = () => {
    inFlight += 1;
    const enteredAt = now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inFlight -= 1;
      averageMs += EWMA_WEIGHT * (now() - enteredAt - averageMs);
      letIn();
    };
  };

  const letIn = () => {
    while (inFlight < limit && queued > 0) {
      const [user, queue] = queues.entries().next().value as [string, (() => void)[]];
      queues.delete(user);
      const next = queue.shift();
      if (queue.length > 0) queues.set(user, queue);
      queued -= 1;
      next?.();
    }
  };

  return {
    get inFlight() {
      return inFlight;
    },
    get queued() {
      return queued;
    },
    setLimit(next) {
      limit = next;
      letIn();
    },
    async enter(user, signal) {
      signal.throwIfAborted();
      if (inFlight < limit && queued === 0) return take();
      if (queued >= maxQueued) {
        throw new BotllmError('OVERLOADED', MESSAGES.overloaded(queued), {
          retryAfterMs: Math.ceil((averageMs * (queued + 1)) / limit),
          hint: MESSAGES.overloadedHint,
        });
      }
      let release: (() => void) | undefined;
      let wake = () => {};
      const turn = new Promise<void>((resolve) => {
        wake = () => {
          release = take();
          resolve();
        };
      });
      const queue = queues.get(user) ?? [];
      queue.push(wake);
      queues.set(user, queue);
      queued += 1;
      try {
        await orAbort(turn, signal);
        return release ?? take();
      } catch (reason) {
        // Let in and called off in the same moment: the place goes to the next one.
        if (release) release();
        else leaveQueue(user, wake);
        throw reason;
      }
    },
  };

  function leaveQueue(user: string, wake: () => void): void {
    const queue = queues.get(user);
    const index = queue?.indexOf(wake) ?? -1;
    if (!queue || index < 0) return;
    queue.splice(index, 1);
    if (queue.length === 0) queues.delete(user);
    queued -= 1;
  }
}
