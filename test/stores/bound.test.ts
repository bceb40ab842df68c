import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Bound } from '../../src/stores/bound.js';

const MS = 50;

test('each wait is told when its own time is over, the older ones first', async () => {
  const bound = new Bound(MS);
  const late: string[] = [];
  const from = performance.now();
  const after: number[] = [];
  const begin = (name: string) => {
    const begun = performance.now();
    bound.begin(() => {
      late.push(name);
      after.push(performance.now() - begun);
    });
  };
  begin('first');
  await sleep(20);
  begin('second');
  begin('third');
  while (late.length < 3 && performance.now() - from < 5_000) await sleep(5);
  expect(late).toEqual(['first', 'second', 'third']);
  expect(Math.min(...after)).toBeGreaterThanOrEqual(MS);
});

test('what is over in time hears nothing, and those behind it are not forgotten', async () => {
  const bound = new Bound(MS);
  const late: string[] = [];
  const soon = bound.begin(() => late.push('soon'));
  bound.begin(() => late.push('never'));
  bound.end(soon);
  const from = performance.now();
  while (late.length < 1 && performance.now() - from < 5_000) await sleep(5);
  bound.end(bound.begin(() => late.push('at once')));
  await sleep(2 * MS);
  expect(late).toEqual(['never']);
});
