/** What a slot needs to show so that the best one is chosen. */
export interface PooledSlot {
  /** Tokens whose KV state the slot still holds. */
  cachedTokens(): readonly number[];
}

interface Waiter<S> {
  tokens: readonly number[];
  admit: (slot: S) => void;
}

/** A queue this long is minutes of work already; a caller is better off told so. */
export const QUEUE_LIMIT = 64;

/** A shared beginning below this share of the prompt is only the template's opening, not a reason to choose. */
const WORTHWHILE_PREFIX = 0.1;

export class QueueFullError extends Error {
  constructor(readonly queued: number) {
    super('queue full');
  }
}

/** The slots of a model and the requests that wait for one, first come first served. */
export class SlotPool<S extends PooledSlot> {
  /** Least recently used first. */
  private readonly idle: S[];
  private readonly waiting: Waiter<S>[] = [];
  private busyCount = 0;

  constructor(
    slots: readonly S[],
    private readonly queueLimit = QUEUE_LIMIT,
  ) {
    this.idle = [...slots];
  }

  get busy(): number {
    return this.busyCount;
  }

  get queued(): number {
    return this.waiting.length;
  }

  /**
   * Takes the idle slot that shares most with the prompt, or waits for one.
   * @throws QueueFullError at once when the queue is full; the signal's reason when it aborts while waiting
   */
  acquire(tokens: readonly number[], signal: AbortSignal): Promise<S> {
    signal.throwIfAborted();
    const slot = this.takeBest(tokens);
    if (slot) return Promise.resolve(slot);
    // Thrown, not rejected: a stream must be refused before its first byte goes out.
    if (this.waiting.length >= this.queueLimit) throw new QueueFullError(this.waiting.length);
    return new Promise<S>((resolve, reject) => {
      const waiter: Waiter<S> = {
        tokens,
        admit: (admitted) => {
          signal.removeEventListener('abort', leave);
          resolve(admitted);
        },
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
    });
  }

  /** Gives a slot back; `replacement` takes its place when its own state is not to be trusted any more. */
  release(slot: S, replacement: S = slot): void {
    this.busyCount -= 1;
    this.idle.push(replacement);
    const waiter = this.waiting.shift();
    const next = waiter && this.takeBest(waiter.tokens);
    if (waiter && next) waiter.admit(next);
  }

  private takeBest(tokens: readonly number[]): S | undefined {
    let best = 0;
    let longest = 0;
    this.idle.forEach((slot, i) => {
      const shared = sharedPrefix(slot.cachedTokens(), tokens);
      if (shared > longest && shared >= tokens.length * WORTHWHILE_PREFIX) {
        longest = shared;
        best = i;
      }
    });
    const [slot] = this.idle.splice(best, 1);
    if (slot) this.busyCount += 1;
    return slot;
  }
}

/** How many tokens both begin with. */
export function sharedPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a[i] === b[i]) i += 1;
  return i;
}
