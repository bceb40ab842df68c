import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory.js';
import { bench, failure, intent } from './setup.js';

describe('a user', () => {
  it('has one quota, however his id is spelt', async () => {
    const { llm } = await bench({ rateLimit: 3 });
    const spellings = ['Zoe\u0308', ' Zo\u00EB', 'Zo\u00EB\n', '\tZoe\u0308 '];
    const codes = [];
    for (const userId of spellings)
      codes.push((await llm.complete(intent(`m${codes.length}`), { userId })).error?.code);
    expect(codes).toEqual([undefined, undefined, undefined, 'RATE_LIMIT_EXCEEDED']);
  });

  it.each(['', '  ', '\n'])('without an id (%j) is not limited', async (userId) => {
    const store = createMemoryStore();
    const { llm } = await bench({ rateLimit: 1, store });
    for (const message of ['a', 'b']) {
      expect(await llm.complete(intent(message), { userId })).toMatchObject({ source: 'model' });
    }
    expect(await store.users(60_000, 10)).toMatchObject({ users: 0 });
  });

  it.each([['a\u0000b'], ['a\nb'], ['a\u2028b'], ['\uD800'], ['x'.repeat(257)], [42], [null], [{}]])(
    'with an id that is none (%j) is refused before anything is asked',
    async (userId) => {
      const { llm, engine } = await bench();
      const error = await failure(llm.complete(intent('hi'), { userId: userId as string }));
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringContaining('userId') });
      expect(engine.seen).toHaveLength(0);
    },
  );

  it('with a priority that there is not is refused', async () => {
    const { llm } = await bench();
    const asked = llm.complete(intent('hi'), { priority: 'urgent' as 'batch' });
    expect(await failure(asked)).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('batch'),
    });
  });
});
