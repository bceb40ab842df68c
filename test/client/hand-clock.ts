import type { Clock } from '../../src/client/clock.js';

/** A clock that stands still until a test moves it. */
export function handClock(start = 1_000_000): Clock & { advance(ms: number): Promise<void> } {
  let now = start;
  let timers: { at: number; task: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    after(ms, task) {
      const timer = { at: now + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { task } of due) task();
      // What the timers woke runs before the test looks.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
