import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory.js';
import { completion, type Reply, raw, refuse, silent } from '../support/fake-engine.js';
import { bench, failure, intent } from './setup.js';

const chat = (content: string) => ({ messages: [{ role: 'user' as const, content }], maxTokens: 100 });
const words = (count: number) => 'word '.repeat(count);

/** An engine that counts one token a word, and what else it does with a question for tokens. */
function counting(over: Record<string, Reply> = {}): Reply {
  return (response, request) => {
    const { path, body } = request;
    const special = over[path];
    if (special) return special(response, request);
    if (path === '/apply-template') {
      const prompt = body.messages?.map(({ content }) => `<|x|> ${content}`).join(' ');
      return raw(200, JSON.stringify({ prompt }))(response, request);
    }
    if (path === '/tokenize') {
      const tokens = String(body.content)
        .split(/\s+/)
        .filter(Boolean)
        .map((_, i) => i);
      return raw(200, JSON.stringify({ tokens }))(response, request);
    }
    return completion('{"intent":"help","entities":[]}')(response, request);
  };
}

async function engineOf(context: number, over: Record<string, Reply> = {}, options = {}) {
  const made = await bench({ maxRetries: 0, ...options }, { context });
  made.engine.answerWith(counting(over));
  return { ...made, paths: () => made.engine.seen.map(({ path }) => path) };
}

describe('a prompt and the context of the engine', () => {
  it('a prompt whose bytes fit is asked without a question for its tokens', async () => {
    const { llm, paths } = await engineOf(4096);
    await llm.complete(intent('привет'));
    await llm.chat(chat(words(100)));
    expect(paths()).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
  });

  it('one that might not fit is counted, template included, and asked when it does', async () => {
    const { llm, paths } = await engineOf(1000);
    await llm.chat(chat(words(899)));
    expect(paths()).toEqual(['/apply-template', '/tokenize', '/v1/chat/completions']);
    await llm.completePrompt({ prompt: words(900), maxTokens: 100 });
    expect(paths().slice(3)).toEqual(['/tokenize', '/v1/completions']);
  });

  it.each(['chat', 'stream', 'completePrompt', 'complete'] as const)(
    'one that leaves no room for the answer is refused before the engine works on it, and costs no quota: %s',
    async (way) => {
      const store = createMemoryStore();
      const { llm, paths } = await engineOf(1000, {}, { store });
      const options = { userId: 'u', onFailure: 'throw' } as const;
      const asked = {
        chat: () => llm.chat(chat(words(900)), options),
        stream: () => llm.stream(chat(words(900)), options).result(),
        completePrompt: () => llm.completePrompt({ prompt: words(901), maxTokens: 100 }, options),
        complete: () => llm.complete(intent(words(900)), options),
      }[way];
      expect(await failure(asked())).toMatchObject({
        code: 'CONTEXT_EXCEEDED',
        message: expect.stringContaining('1000'),
      });
      expect(paths().filter((path) => path.startsWith('/v1/'))).toEqual([]);
      expect(await store.users(60_000, 1)).toMatchObject({ users: 0 });
    },
  );

  it('the answer is given no more than a quarter of the context: what a schema allows is rarely said', async () => {
    const { llm } = await engineOf(1000);
    const ask = (count: number) => llm.chat({ ...chat(words(count)), maxTokens: 900 });
    expect(await ask(749)).toMatchObject({ source: 'model' });
    expect(await failure(ask(750))).toMatchObject({ code: 'CONTEXT_EXCEEDED' });
  });

  it.each<[string, Record<string, Reply>]>([
    ['knows no such question', { '/apply-template': refuse(404) }],
    ['does not count', { '/tokenize': refuse(501) }],
    ['counts in no way we know', { '/tokenize': raw(200, '{"tokens":"many"}') }],
    ['renders nothing', { '/apply-template': raw(200, '{"prompt":null}') }],
    ['says something else', { '/tokenize': raw(200, '<html>', 'text/html') }],
    ['never answers that', { '/tokenize': silent }],
  ])('an engine that %s is asked all the same', async (_, over) => {
    const { llm } = await engineOf(1000, over);
    expect(await llm.chat(chat(words(900)))).toMatchObject({ source: 'model' });
  });

  it('who leaves while it is counted leaves at once', async () => {
    const { llm, paths } = await engineOf(1000, { '/tokenize': silent });
    const controller = new AbortController();
    const left = failure(llm.chat(chat(words(900)), { signal: controller.signal }));
    while (!paths().includes('/tokenize')) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect(await left).toMatchObject({ code: 'ABORTED' });
    expect(paths()).not.toContain('/v1/chat/completions');
  });

  it('an engine that does not say how long its context is, is asked nothing', async () => {
    const { llm, engine } = await bench();
    await llm.chat(chat(words(1500)));
    expect(engine.seen.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
  });
});
