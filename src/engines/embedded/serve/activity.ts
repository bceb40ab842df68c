/** Counts what is in flight, for a stop that waits and for the idle timeout. */
export class Activity {
  private inFlight = 0;
  private readonly waiting: (() => void)[] = [];
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly idleTimeoutMs: number | undefined,
    private readonly onIdle: () => void,
  ) {}

  /** @returns to be called once when that request is over */
  begin(): () => void {
    this.inFlight += 1;
    clearTimeout(this.idleTimer);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.inFlight -= 1;
      if (this.inFlight > 0) return;
      for (const resume of this.waiting.splice(0)) resume();
      this.watchIdle();
    };
  }

  /** Starts the idle clock; requests stop and restart it. */
  watchIdle(): void {
    clearTimeout(this.idleTimer);
    if (this.idleTimeoutMs !== undefined) this.idleTimer = setTimeout(this.onIdle, this.idleTimeoutMs);
  }

  /** Resolves to true when nothing is in flight, to false when that takes longer than `ms`. */
  async drained(ms: number): Promise<boolean> {
    if (this.inFlight === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const done = new Promise<true>((resolve) => {
      this.waiting.push(() => resolve(true));
    });
    const result = await Promise.race([done, late]);
    clearTimeout(timer);
    return result;
  }
}
