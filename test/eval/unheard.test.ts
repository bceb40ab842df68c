import { expect, test } from 'vitest';
import type { GradedAnswer } from '../../src/eval/answers.js';
import { createUnheard, REFUSALS } from '../../src/eval/unheard.js';

const answer = (id: string, error?: string) => ({ id, error }) as GradedAnswer;
const well = () => createUnheard({ look: async () => ({ state: 'ready' }) as never });
const ids = (kept: readonly GradedAnswer[]) => kept.map(({ id }) => id);

test('refusals of an engine that is well are failed cases once it answers another question', async () => {
  const unheard = well();
  for (let i = 1; i < REFUSALS; i += 1) {
    expect(await unheard.take(answer(`r${i}`, 'ENGINE_ERROR'))).toEqual([]);
  }
  expect(ids(await unheard.take(answer('good')))).toHaveLength(REFUSALS);
  // Counted anew.
  for (let i = 1; i < REFUSALS; i += 1) await unheard.take(answer(`s${i}`, 'ENGINE_OVERLOADED'));
  expect(unheard.gone).toBeUndefined();
  await unheard.take(answer('last', 'ENGINE_ERROR'));
  expect([unheard.gone, unheard.refuses]).toEqual(['ENGINE_ERROR', true]);
  expect(await unheard.end()).toEqual([]);
});

test('a few refusals at the end are failed cases, even where nothing else was answered', async () => {
  const unheard = well();
  for (const id of ['a', 'b']) await unheard.take(answer(id, 'ENGINE_ERROR'));
  expect(ids(await unheard.end())).toEqual(['a', 'b']);
  expect([unheard.gone, unheard.refuses]).toEqual([undefined, false]);
});
