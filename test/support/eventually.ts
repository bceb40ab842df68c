import { setTimeout as sleep } from 'node:timers/promises';

const WITHIN_MS = 150_000;

/** What comes true in time; looks ten times a second, and gives up after two and a half. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = performance.now() + WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > giveUpAt) throw new Error('it did not come true in time');
    await sleep(100);
  }
}
