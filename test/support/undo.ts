import { afterEach } from 'vitest';

type Step = () => unknown;

/** For a `describe`: the steps that take down what a test has built, done after each test, the last one first. */
export function undoing(): Step[] {
  const undo: Step[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  return undo;
}
