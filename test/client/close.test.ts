import { describe, expect, it } from 'vitest';
import { completion, silent, streamed } from '../support/fake-engine.js';
import { bench, failure, intent } from './setup.js';

const ANSWER = '{"intent":"help","entities":[]}';
const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('close', () => {
  it('lets the calls in flight finish, waiting ones too, and takes no new ones', async () => {
    const { llm, engine } = await bench({ maxConcurrency: 1 });
    engine.answerWith(completion(ANSWER, { delayMs: 100 }));
    const calls = ['a', 'b', 'c'].map((message) => llm.complete(intent(message)));
    await until(() => engine.seen.length === 1);
    const closed = llm.close();
    const late = await llm.complete(intent('late'));
    expect(late).toMatchObject({ source: 'fallback', error: { code: 'CLIENT_CLOSED' }, attempts: 0 });
    expect(await failure(llm.chat(chat))).toMatchObject({ code: 'CLIENT_CLOSED' });
    expect((await Promise.all(calls)).map(({ source }) => source)).toEqual(['model', 'model', 'model']);
    await closed;
    expect(engine.seen).toHaveLength(3);
  });

  it('ends what is left after its time: tasks fall back, the others throw, sockets are closed', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(silent);
    const task = llm.complete(intent('a'));
    const other = failure(llm.chat(chat));
    const stream = failure(llm.stream(chat).result());
    await until(() => engine.seen.length === 3);
    await llm.close({ drainMs: 100 });
    expect(await task).toMatchObject({ source: 'fallback', error: { code: 'CLIENT_CLOSED' } });
    expect(await other).toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(await stream).toMatchObject({ code: 'CLIENT_CLOSED' });
    await until(() => engine.seen.every(({ closedEarly }) => closedEarly));
  });

  it.each([
    ['at once', [0]],
    ['the second time at once', [60_000, 0]],
  ])('ends the calls %s, when so asked', async (_, times) => {
    const { llm, engine } = await bench();
    engine.answerWith(silent);
    const task = llm.complete(intent('a'));
    await until(() => engine.seen.length === 1);
    const from = performance.now();
    await Promise.all(times.map((drainMs) => llm.close({ drainMs })));
    expect(await task).toMatchObject({ error: { code: 'CLIENT_CLOSED' } });
    expect(performance.now() - from).toBeLessThan(5000);
  });

  it('waits for no stream that its reader forgot, and gives none of its place away', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(streamed(['a', 'b', 'c']));
    const reader = llm.stream(chat)[Symbol.asyncIterator]();
    await reader.next();
    await llm.close({ drainMs: 50 });
    expect(await failure(reader.next())).toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('answers that were just given are kept before it is over', async () => {
    const { createMemoryStore } = await import('../../src/stores/memory.js');
    const made = createMemoryStore();
    const slow = {
      ...made,
      cachePut: async (...args: Parameters<typeof made.cachePut>) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await made.cachePut(...args);
      },
    };
    const { llm } = await bench({ store: slow });
    await llm.complete(intent('a'));
    await llm.close();
    expect(await made.cacheStats({})).toMatchObject({ entries: 1 });
  });

  it('a client that was never used closes, also twice', async () => {
    const { llm } = await bench();
    await Promise.all([llm.close(), llm.close(), llm[Symbol.asyncDispose]()]);
  });
});
