import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.js';

/**
 * Something that may end: an AbortSignal, or a scope, which is as good as one and costs a call a tenth of it. Both are
 * heard through `onEnd`.
 */
export type Ending = Pick<AbortSignal, 'aborted' | 'reason' | 'throwIfAborted'>;

/** A signal with a life of its own: it ends with its parents, by its timer, or by hand. */
export interface CancelScope extends Ending {
  /** The same as an AbortSignal, for those who take nothing else; made when it is first asked for. */
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
  parents: readonly (Ending | undefined)[];
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
  return new Scope(options);
}

/**
 * Calls `listener` with the reason: at once when it has ended already.
 * @returns takes the listener back
 */
export function onEnd(ending: Ending, listener: (reason: unknown) => void): () => void {
  if (ending.aborted) {
    listener(ending.reason);
    return () => {};
  }
  if (ending instanceof Scope) return ending.hear(listener);
  const signal = ending as AbortSignal;
  // One signal for a whole process has as many listeners as calls in flight; that is no leak to warn of.
  setMaxListeners(0, signal);
  const onAbort = () => listener(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}

class Scope implements CancelScope {
  aborted = false;
  private given: unknown;
  private controller: AbortController | undefined;
  private listeners: Set<(reason: unknown) => void> | undefined;
  private stopTimer: (() => void) | undefined;
  private leaveParents: (() => void)[] = [];

  constructor(private readonly options: CancelScopeOptions) {
    const { parents, timeoutMs, aborted = (reason) => reason } = options;
    if (timeoutMs !== undefined) this.restart(timeoutMs);
    for (const parent of parents) {
      if (parent === undefined || this.aborted) continue;
      this.leaveParents.push(onEnd(parent, (reason) => this.cancel(aborted(reason))));
    }
    if (this.aborted) this.close();
  }

  /** Made when it is first asked for: most scopes are closed when all is over, and nobody asks why. */
  get reason(): unknown {
    if (this.aborted) this.given ??= new DOMException('This operation was aborted', 'AbortError');
    return this.given;
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  hear(listener: (reason: unknown) => void): () => void {
    this.listeners ??= new Set();
    const { listeners } = this;
    // A listener of its own each time: the same function may listen twice.
    const own = (reason: unknown) => listener(reason);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  cancel(reason: unknown): void {
    this.close();
    if (this.aborted) return;
    this.aborted = true;
    this.given = reason;
    this.controller?.abort(this.reason);
    for (const listener of this.listeners ?? []) listener(this.reason);
    this.listeners = undefined;
  }

  restart(ms: number): void {
    this.pause();
    const { clock, expired = () => new Error('expired') } = this.options;
    if (!this.aborted) this.stopTimer = clock.after(ms, () => this.cancel(expired()));
  }

  pause(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
  }

  close(): void {
    this.pause();
    for (const leave of this.leaveParents.splice(0)) leave();
  }
}

/** Settles with the promise, or rejects at once with the reason of the end, whichever is first. */
export function orAbort<T>(promise: Promise<T>, ending: Ending): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const leave = onEnd(ending, reject);
    promise.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error) => {
        leave();
        reject(error);
      },
    );
  });
}

/** Waits; rejects at once with the signal's reason when it aborts. */
export function sleep(ms: number, ending: Ending, clock: Clock): Promise<void> {
  let stop = () => {};
  const wait = new Promise<void>((resolve) => {
    stop = clock.after(ms, resolve);
  });
  return orAbort(wait, ending).finally(() => stop());
}
