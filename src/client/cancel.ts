import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.js';

/** A signal with a life of its own: it ends with its parents, by its timer, or by hand. */
export interface CancelScope {
  readonly signal: AbortSignal;
  cancel(reason: unknown): void;
  /** Restarts the timer with another length. */
  restart(ms: number): void;
  /** Stops the timer until the next restart. */
  pause(): void;
  /** Takes the listeners off the parents and stops the timer. */
  close(): void;
}

export interface CancelScopeOptions {
  clock: Clock;
  parents: readonly (AbortSignal | undefined)[];
  /** After this time the signal aborts with what `expired` gives. */
  timeoutMs?: number;
  expired?: () => unknown;
  /** Turns a parent's reason into ours. */
  aborted?: (reason: unknown) => unknown;
}

/**
 * Links a new signal to others. Unlike `AbortSignal.any`, which in Node 20 keeps every child of a long-lived
 * parent, closing the scope leaves nothing behind on its parents.
 */
export function openScope(options: CancelScopeOptions): CancelScope {
  const { clock, timeoutMs, expired = () => new Error('expired'), aborted = (reason) => reason } = options;
  const parents = options.parents.filter((parent) => parent !== undefined);
  const controller = new AbortController();
  let stopTimer: (() => void) | undefined;

  const pause = () => {
    stopTimer?.();
    stopTimer = undefined;
  };
  const close = () => {
    pause();
    for (const parent of parents) parent.removeEventListener('abort', onParent);
  };
  const cancel = (reason: unknown) => {
    close();
    controller.abort(reason);
  };
  const onParent = (event: Event) => cancel(aborted((event.target as AbortSignal).reason));
  const restart = (ms: number) => {
    pause();
    if (!controller.signal.aborted) stopTimer = clock.after(ms, () => cancel(expired()));
  };

  if (timeoutMs !== undefined) restart(timeoutMs);
  for (const parent of parents) {
    // One signal for a whole process has as many listeners as calls in flight; that is no leak to warn of.
    setMaxListeners(0, parent);
    parent.addEventListener('abort', onParent, { once: true });
  }
  const already = parents.find((parent) => parent.aborted);
  if (already) cancel(aborted(already.reason));
  return { signal: controller.signal, cancel, restart, pause, close };
}

/** Settles with the promise, or rejects at once with the signal's reason, whichever is first. */
export function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Waits; rejects at once with the signal's reason when it aborts. */
export function sleep(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  let stop = () => {};
  const wait = new Promise<void>((resolve) => {
    stop = clock.after(ms, resolve);
  });
  return orAbort(wait, signal).finally(() => stop());
}
