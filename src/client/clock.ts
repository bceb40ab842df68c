/** Time, by argument: tests move it by hand. */
export interface Clock {
  /** Milliseconds since 1970; may jump when somebody sets the machine's clock. */
  now(): number;
  /** Milliseconds that only ever grow; the breaker and all latencies use this one. */
  monotonic(): number;
  /** Runs `task` once after `ms` milliseconds. @returns a function that calls it off */
  after(ms: number, task: () => void): () => void;
}

/** setTimeout takes 31 bits; a longer wait would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
