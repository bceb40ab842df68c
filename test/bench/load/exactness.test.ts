import { expect, test } from 'vitest';
import { isExactEnough } from '../../../src/bench/load/exactness.js';
import { judge } from '../../../src/bench/load/judged.js';
import type { Sent } from '../../../src/bench/load/sent.js';

/** One request a run: TTFT as given, then 20 tokens, `itl` apart. */
function level(ttfts: readonly number[], itl: (run: number) => number = () => 10): Sent[] {
  return ttfts.map((ttft, run) => ({
    phase: 'measured',
    index: run,
    run,
    trace: {
      scheduledAt: 0,
      sentAt: 0,
      contentAt: Array.from({ length: 20 }, (_, i) => ttft + itl(run) * i),
      characters: { first: 1, all: 20 },
      usage: { outputTokens: 20 },
      finish: 'length',
      endAt: 1e6,
    },
  }));
}

const enough = (sent: readonly Sent[], target: number | undefined) => isExactEnough(judge(sent), target);

test('half of the widest interval is what has to be within the target', () => {
  // Five runs 98 … 102: half an interval is 1.2417 deviations (Student, 4 degrees), 1.96 % of the mean.
  const runs = [98, 99, 100, 101, 102];
  expect([enough(level(runs), 0.0197), enough(level(runs), 0.0196)]).toEqual([true, false]);
  // The time per token varies, the first token does not.
  const uneven = level([100, 100, 100, 100, 100], (run) => 10 + run);
  expect([enough(uneven, 0.05), enough(uneven, 0.2)]).toEqual([false, true]);
});

test('one run alone, or none, is never exact; without a target anything is', () => {
  expect([enough(level([100]), 0.5), enough([], 0.5)]).toEqual([false, false]);
  expect([enough(level([100]), undefined), enough([], undefined)]).toEqual([true, true]);
});

test('lateness counts where requests are due at moments of their own', () => {
  const late = level([100, 100, 100]).map((one, i) => ({
    ...one,
    trace: { ...one.trace, scheduledAt: -100 * i },
  }));
  expect(enough(late, 0.05)).toBe(false);
});
