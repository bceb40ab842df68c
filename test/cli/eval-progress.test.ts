import { expect, test } from 'vitest';
import { tellAnswers } from '../../src/cli/eval-progress.js';
import type { GradedAnswer } from '../../src/eval/answers.js';

test('news of an eval keep their name, so that a log gets a line at every tenth and not one an answer; and say how long the rest takes', () => {
  const bars: [string, number, string][] = [];
  const nothing = () => {};
  let time = 0;
  const tell = tellAnswers(
    { step: nothing, bytes: nothing, done: nothing, bar: (...bar) => bars.push(bar) },
    () => time,
  );
  const answer = {} as GradedAnswer;
  for (const [at, way, done] of [
    [10_000, 'schema', 1],
    [20_000, 'schema', 2],
    // This way began when the other one ended.
    [45_000, 'word', 1],
  ] as const) {
    time = at;
    tell({ model: 'm', way, done, planned: 4, answer });
  }
  expect(bars).toEqual([
    ['m / schema', 0.25, '1 of 4, 30 s left'],
    ['m / schema', 0.5, '2 of 4, 20 s left'],
    ['m / word', 0.25, '1 of 4, 75 s left'],
  ]);
});
