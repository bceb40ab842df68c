/** Something that has begun and is to be over in time. */
export interface Wait {
  until: number;
  onLate: () => void;
}

/**
 * Watches over any number of waits of the same length with one timer: every call of every bot makes some, and a timer
 * each costs more than the waiting. The timer holds no process back: what is waited for does.
 */
export class Bound {
  /** In the order of their ends. */
  private readonly waits = new Set<Wait>();
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly ms: number) {}

  /** @returns to be handed to `end`, unless `onLate` was called */
  begin(onLate: () => void): Wait {
    const wait = { until: performance.now() + this.ms, onLate };
    this.waits.add(wait);
    if (this.timer === undefined) this.arm(this.ms);
    return wait;
  }

  end(wait: Wait): void {
    this.waits.delete(wait);
  }

  private arm(ms: number): void {
    // After a look at the sockets: when this process itself was held up, the answer may long be there.
    this.timer = setTimeout(setImmediate, ms, () => this.look()).unref();
  }

  private look(): void {
    const now = performance.now();
    for (const wait of this.waits) {
      const left = wait.until - now;
      if (left > 0) {
        this.arm(Math.ceil(left));
        return;
      }
      this.waits.delete(wait);
      wait.onLate();
    }
    this.timer = undefined;
  }
}
