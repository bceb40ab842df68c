import { describe, expect, it } from 'vitest';
import { answerKey, createAnswerCache, MAX_CACHED_BYTES } from '../../src/client/cache.js';
import { canonicalJson } from '../../src/client/canonical-json.js';
import { type EngineRequest, fromChat } from '../../src/client/requests.js';
import { BotllmError } from '../../src/errors.js';
import type { Store } from '../../src/stores/contract.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { handClock } from './hand-clock.js';

const request = fromChat({ messages: [{ role: 'user', content: 'hi' }] });
const identity = { scope: '-', task: 'chat', model: 'm', promptVersion: 1, request };
const signal = new AbortController().signal;
const answer = { text: 'hello', finishReason: 'stop', confidence: 0.5 } as const;

describe('the key of an answer', () => {
  // Every field of a request, each with another value: a new field is an error here until it is listed.
  const others: { [K in keyof EngineRequest]: EngineRequest[K] } = {
    kind: 'completion',
    messages: [{ role: 'user', content: 'ho' }],
    prompt: 'x',
    maxTokens: 7,
    temperature: 1,
    topP: 0.5,
    seed: 1,
    stop: ['x'],
    thinking: true,
    structured: { name: 'x', schema: {} },
    label: { property: 'x', labels: ['a'] },
    extra: { top_k: 1 },
  };

  it.each(Object.keys(others) as (keyof EngineRequest)[])('depends on %s', (field) => {
    const changed = { ...request, [field]: others[field] };
    expect(answerKey({ ...identity, request: changed })).not.toBe(answerKey(identity));
  });

  it.each([
    ['scope', 'shop'],
    ['task', 'intent'],
    ['model', 'n'],
    ['promptVersion', 2],
  ])('depends on %s', (field, value) => {
    expect(answerKey({ ...identity, [field]: value })).not.toBe(answerKey(identity));
  });

  it('does not depend on the order of keys, nor on absent ones', () => {
    const turned = Object.fromEntries(Object.entries(request).reverse()) as unknown as EngineRequest;
    expect(answerKey({ ...identity, request: turned })).toBe(answerKey(identity));
    expect(canonicalJson({ b: 1, a: undefined, c: [{ y: 1, x: 2 }] })).toBe('{"b":1,"c":[{"x":2,"y":1}]}');
  });

  it('writes what is frozen for good as it writes anything, the first time and the next', () => {
    const plain = () => ({ b: [{ y: 1, x: null }], a: 'я' });
    const frozen = Object.freeze({ ...plain(), b: Object.freeze([Object.freeze({ y: 1, x: null })]) });
    for (let i = 0; i < 2; i++)
      expect(canonicalJson({ z: frozen, 1: frozen })).toBe(canonicalJson({ 1: plain(), z: plain() }));
  });

  it('looks again at what is frozen and changes all the same', () => {
    let n = 0;
    const date = Object.freeze(new Date(0));
    const odd = Object.freeze({
      inner: { n: 0 },
      date,
      get count() {
        return n;
      },
    });
    const before = canonicalJson(odd);
    n = 1;
    const counted = canonicalJson(odd);
    odd.inner.n = 1;
    const changed = canonicalJson(odd);
    date.setTime(1);
    expect(new Set([before, counted, changed, canonicalJson(odd)]).size).toBe(4);
  });

  it('keeps apart what plain JSON would mix up', () => {
    expect(canonicalJson([Number.NaN])).not.toBe(canonicalJson([null]));
    expect(canonicalJson(['abc', 'x'])).not.toBe(canonicalJson(['ab', 'cx']));
  });
});

function kept(store: Store = createMemoryStore(), random = () => 0) {
  const clock = handClock();
  return {
    clock,
    store,
    cache: createAnswerCache({ store: async () => store, ttlMs: 900_000, clock, random }),
  };
}

describe('the answer cache', () => {
  it('gives back what it was given, with its age', async () => {
    const { cache, clock } = kept();
    await cache.put('llm:cache:v1:k', answer);
    await clock.advance(5000);
    expect(await cache.get('llm:cache:v1:k', signal)).toEqual({ ...answer, ageMs: 5000 });
  });

  it('gives nothing that is older than its life, whatever the store thinks', async () => {
    const { cache, clock } = kept();
    await cache.put('k', answer);
    await clock.advance(900_001);
    expect(await cache.get('k', signal)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['no time', '{"v":1,"text":"x","confidence":null}'],
    ['a time that is none', 'soon {"v":1,"text":"x","confidence":null}'],
    ['half an answer', '1000000 {"v":1,"te'],
    ['another version', '1000000 {"v":0,"text":"x","confidence":null}'],
    ['no text', '1000000 {"v":1,"confidence":null}'],
    ['an impossible confidence', '1000000 {"v":1,"text":"x","confidence":7}'],
    ['null', '1000000 null'],
  ])('takes a broken value for a miss: %s', async (_, value) => {
    const { cache, store } = kept();
    await store.cachePut('k', value, 60_000);
    expect(await cache.get('k', signal)).toBeNull();
  });

  it('lives 90 to 100 % of its time', async () => {
    for (const [random, ttl] of [
      [0, 900_000],
      [1, 810_000],
    ] as const) {
      const ttls: number[] = [];
      const spy = {
        ...createMemoryStore(),
        cachePut: async (_: string, __: string, ms: number) => void ttls.push(ms),
      };
      await kept(spy, () => random).cache.put('k', answer);
      expect(ttls).toEqual([ttl]);
    }
  });

  it('does not keep what is too large', async () => {
    const { cache } = kept();
    await cache.put('k', { ...answer, text: 'я'.repeat(MAX_CACHED_BYTES / 2) });
    expect(await cache.get('k', signal)).toBeNull();
  });

  it('a store that fails is a miss and a lost write, never an error', async () => {
    const fail = () => Promise.reject(new BotllmError('STORE_UNAVAILABLE', ''));
    const { cache } = kept({ ...createMemoryStore(), cacheGet: fail, cachePut: fail });
    await cache.put('k', answer);
    expect(await cache.get('k', signal)).toBeNull();
  });

  it('a slow store holds up nobody who is called off, and flush waits for its writes', async () => {
    let finish = () => {};
    const slow = new Promise<null>((resolve) => {
      finish = () => resolve(null);
    });
    const { cache } = kept({
      ...createMemoryStore(),
      cacheGet: () => slow,
      cachePut: async () => void (await slow),
    });
    await expect(cache.get('k', AbortSignal.abort('gone'))).rejects.toBe('gone');
    void cache.put('k', answer);
    let flushed = false;
    const flushing = cache.flush().then(() => {
      flushed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(flushed).toBe(false);
    finish();
    await flushing;
  });
});
