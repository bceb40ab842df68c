import { describe, expect, it } from 'vitest';
import type { Entry, Store } from '../../src/stores/contract.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { completion } from '../support/fake-engine.js';
import { bench, failure, intent } from './setup.js';

/**
 * A store that can be asked for all at once, what it was asked, and a way to keep its answer back. That a lease is
 * renewed is not noted: it is where an engine is slow, or the machine.
 */
function atOnce() {
  const memory = createMemoryStore();
  const asked: string[] = [];
  const held: (() => void)[] = [];
  const state = { holds: false, cannot: false };
  const tokens = new Set<string>();
  const renews = (name: string, [, token = '']: readonly string[]) => name === 'lease' && tokens.has(token);
  const counting = new Proxy<Store>(
    {
      ...memory,
      kind: 'redis',
      async enter({ cacheKey, limit, lease }: Entry) {
        if (state.cannot) return null;
        if (state.holds) await new Promise<void>((resolve) => held.push(resolve));
        const value = await memory.cacheGet(cacheKey);
        if (value !== null) return { value, decision: null, leased: false };
        const decision = limit && (await memory.take(limit.key, limit.calls, limit.windowMs));
        const granted = lease && decision?.allowed !== false;
        if (granted) tokens.add(lease.token);
        return {
          value,
          decision,
          leased: granted ? await memory.lease(lease.key, lease.token, lease.ttlMs) : false,
        };
      },
    },
    {
      get(target, name: keyof Store) {
        const member = target[name];
        if (typeof member !== 'function') return member;
        return (...args: never[]) => {
          if (!renews(name, args)) asked.push(name);
          if (name === 'lease') tokens.add(args[1] ?? '');
          return (member as (...all: never[]) => unknown)(...args);
        };
      },
    },
  );
  const letGo = () => {
    state.holds = false;
    for (const go of held.splice(0)) go();
  };
  return { store: counting, memory, asked, state, letGo };
}

describe('a store that can be asked for answer, limit and lease at once', () => {
  it('is asked one thing by a hit, and one before the engine by what is no hit', async () => {
    const { store, asked } = atOnce();
    const { llm } = await bench({ store });
    expect(await llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'model' });
    await expect.poll(() => asked).toEqual(['enter', 'cachePut', 'release']);
    asked.splice(0);
    expect(await llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'cache' });
    expect(asked).toEqual(['enter']);
  });

  it('is asked one thing by a stream, which wants no lease', async () => {
    const { store, asked } = atOnce();
    const { llm } = await bench({ store, rateLimit: 1 });
    const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };
    const read = async () => llm.stream(chat, { userId: 'u' }).result();
    expect(await read()).toMatchObject({ source: 'model' });
    await expect.poll(() => asked).toEqual(['enter', 'cachePut']);
    expect(await read()).toMatchObject({ source: 'cache' });
  });

  it('that cannot at the moment is asked for each', async () => {
    const { store, asked, state } = atOnce();
    state.cannot = true;
    const { llm } = await bench({ store, clock: undefined });
    await llm.complete(intent('hi'), { userId: 'u' });
    await expect
      .poll(() => asked.filter((name) => name !== 'cacheGet'))
      .toEqual(['enter', 'take', 'lease', 'cachePut', 'release']);
  });

  it('refuses by its limit, tells what is left, and a hit costs nothing', async () => {
    const { store } = atOnce();
    const { llm, engine } = await bench({ store, rateLimit: 1 });
    const left: number[] = [];
    const ask = (text: string) =>
      llm.complete(intent(text), {
        userId: 'u',
        onFailure: 'throw',
        onQuota: ({ remaining }) => left.push(remaining),
      });
    await ask('one');
    expect(await ask('one')).toMatchObject({ source: 'cache' });
    expect(await failure(ask('two'))).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    expect(left).toEqual([0, 0]);
    expect(engine.seen).toHaveLength(1);
  });

  it('gets back what it gave to a call that was called off meanwhile', async () => {
    const { store, memory, asked, state, letGo } = atOnce();
    const { llm, engine } = await bench({ store, rateLimit: 1 });
    state.holds = true;
    const controller = new AbortController();
    const call = failure(
      llm.complete(intent('hi'), { userId: 'u', signal: controller.signal, onFailure: 'throw' }),
    );
    await expect.poll(() => asked).toContain('enter');
    controller.abort();
    expect(await call).toMatchObject({ code: 'ABORTED' });
    letGo();
    await expect.poll(() => asked).toEqual(['enter', 'refund', 'release']);
    expect(engine.seen).toHaveLength(0);
    expect((await memory.users(60_000, 5)).users).toBe(0);
    expect(await llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'model' });
  });

  it('equal calls at the same time are one request, of which one pays, and the lease is free again', async () => {
    const { store, memory, state, letGo, asked } = atOnce();
    const { llm, engine } = await bench({ store, rateLimit: 5 });
    engine.answerWith(completion('{"intent":"help","entities":[]}', { delayMs: 50 }));
    state.holds = true;
    const calls = Array.from({ length: 5 }, (_, i) => llm.complete(intent('hi'), { userId: `u${i}` }));
    await expect.poll(() => asked.length).toBe(5);
    letGo();
    const answers = await Promise.all(calls);
    expect(answers.map(({ source }) => source)).toEqual(Array(5).fill('model'));
    expect(engine.seen).toHaveLength(1);
    await expect.poll(async () => (await memory.users(60_000, 9)).users).toBe(1);
    await expect.poll(() => asked.filter((name) => name === 'release')).toHaveLength(1);
  });

  it('a kept answer that no check accepts any more is none: the call pays and asks', async () => {
    const { store, memory, asked } = atOnce();
    const { llm, engine } = await bench({ store, rateLimit: 5 });
    await llm.complete(intent('hi'), { userId: 'u' });
    await expect.poll(() => asked).toContain('release');
    engine.answerWith(completion('{"intent":"get_info","entities":[]}'));
    const old = `${Date.now()} {"v":1,"text":"nothing of the kind","confidence":null}`;
    memory.cacheGet = async () => old;
    expect(await llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({
      source: 'model',
      data: { intent: 'get_info' },
    });
    expect((await memory.users(60_000, 5)).top[0]?.calls).toBe(2);
  });
});
