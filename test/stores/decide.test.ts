import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, look } from '../../src/stores/decide.js';
import { SEED } from './model.js';

const NOW = 1_800_000_000_000;
const W = 60_000;

/** Takes at the given times; what was accepted and the log that is left. */
function takes(times: number[], limit: number, window = W) {
  let stamps: number[] = [];
  const accepted: number[] = [];
  for (const now of times) {
    const decided = decide(stamps, now, limit, window);
    stamps = decided.stamps;
    if (decided.decision.stamp !== null) accepted.push(decided.decision.stamp);
  }
  return { stamps, accepted };
}

describe('decide', () => {
  test('a refused user is not pushed further away', () => {
    const { stamps } = takes([NOW, NOW + 1, NOW + 2, NOW + 30_000, NOW + 59_999], 2);
    expect(stamps).toEqual([NOW, NOW + 1]);
    expect(decide(stamps, NOW + W, 2, W).decision.allowed).toBe(true);
  });

  test('stamps of one millisecond differ, and all of them age at the same millisecond', () => {
    const { stamps } = takes(Array(100).fill(NOW), 100);
    expect(new Set(stamps).size).toBe(100);
    expect(stamps.every((stamp) => Math.floor(stamp) === NOW)).toBe(true);
    expect(look(stamps, NOW + W - 1, 100, W)).toMatchObject({ allowed: false, retryAfterMs: 1 });
    expect(look(stamps, NOW + W, 100, W)).toMatchObject({ allowed: true, remaining: 100, resetMs: 0 });
  });

  test('a limit that was lowered waits until enough calls are over', () => {
    const { stamps } = takes([NOW, NOW + 10, NOW + 20, NOW + 30], 4);
    expect(look(stamps, NOW + 100, 2, W)).toMatchObject({ allowed: false, retryAfterMs: W + 20 - 100 });
  });

  test('a small step back of the clock: time stands still, and the wait is still exact', () => {
    const { stamps } = takes([NOW, NOW + 1_000], 2);
    const back = NOW - 20_000;
    const { decision } = decide(stamps, back, 2, W);
    expect(decision).toMatchObject({ allowed: false, retryAfterMs: W + 20_000 });
    expect(decide(stamps, back + decision.retryAfterMs - 1, 2, W).decision.allowed).toBe(false);
    expect(decide(stamps, back + decision.retryAfterMs, 2, W).decision.allowed).toBe(true);
  });

  test('a step back of more than a window forgets the log once and then counts again', () => {
    const { stamps } = takes([NOW, NOW + 1], 2);
    const { stamps: later, accepted } = takes([NOW - 2 * W, NOW - 2 * W, NOW - 2 * W], 2);
    expect(decide(stamps, NOW - 2 * W, 2, W).stamps).toEqual([NOW - 2 * W]);
    expect(accepted).toHaveLength(2);
    expect(later).toHaveLength(2);
  });

  test(`whatever the clock does, nobody waits for more than two windows (seed ${SEED})`, () => {
    const jumps = fc.array(fc.integer({ min: -5 * W, max: 2 * W }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), jumps, (limit, steps) => {
        let now = NOW;
        let stamps: number[] = [];
        for (const jump of steps) {
          now += jump;
          const decided = decide(stamps, now, limit, W);
          stamps = decided.stamps;
          expect(stamps.length).toBeLessThanOrEqual(limit);
          expect([...stamps].sort((a, b) => a - b)).toEqual(stamps);
          expect(new Set(stamps).size).toBe(stamps.length);
          const { allowed, retryAfterMs } = decided.decision;
          if (allowed) continue;
          expect(retryAfterMs).toBeLessThanOrEqual(2 * W);
          expect(decide(stamps, now + retryAfterMs, limit, W).decision.allowed).toBe(true);
          expect(decide(stamps, now + retryAfterMs - 1, limit, W).decision.allowed).toBe(false);
        }
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });
});
