import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/client/clock.js';
import { createLeases, LEASE_TTL_MS } from '../../src/client/lease.js';
import type { Patience } from '../../src/client/single-flight.js';
import { BotllmError } from '../../src/errors.js';
import type { Store } from '../../src/stores/contract.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { completion, refuse } from '../support/fake-engine.js';
import { handClock } from './hand-clock.js';
import { bench, failure, intent } from './setup.js';

/** A store as several processes see it: they all have this one. */
const shared = (clock = Date.now, over: Partial<Store> = {}): Store => ({
  ...createMemoryStore({ clock }),
  kind: 'redis',
  ...over,
});
const member = (remaining = 60_000): Patience & { leave(reason: unknown): void } => {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    remainingMs: () => remaining,
    leave: (reason) => controller.abort(reason),
  };
};

/** Two processes before one store, in a time that the test moves. */
function two(over: Partial<Store> = {}) {
  const clock = handClock();
  const store = shared(clock.now, over);
  const cache: { answer: string | null } = { answer: null };
  const process = () => {
    const leases = createLeases({ store: async () => store, clock, random: () => 1 });
    const turn = (patience = member(), missedAt = clock.monotonic()) =>
      leases.turn({ key: 'k', patience, missedAt, look: async () => cache.answer });
    return { leases, turn };
  };
  /** Moves time in small steps, so that all who wait take theirs. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 25) await clock.advance(Math.min(25, left));
  };
  const soon = async <T>(promise: Promise<T>): Promise<T | 'waits'> =>
    Promise.race([promise, new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))]);
  return { clock, store, cache, a: process(), b: process(), pass, soon };
}
const isLease = (turn: unknown) => turn !== 'waits' && 'lease' in (turn as object);

describe('leave to ask the engine', () => {
  it('goes to one process; the other takes his answer when it is written, before the lease is free', async () => {
    const { a, b, cache, pass, soon } = two();
    const held = await a.turn();
    expect(isLease(held)).toBe(true);
    const waiting = b.turn();
    await pass(1000);
    expect(await soon(waiting)).toBe('waits');
    cache.answer = 'x';
    await pass(250);
    expect(await soon(waiting)).toEqual({ found: 'x' });
  });

  it('goes to the next when the one who had it failed', async () => {
    const { a, b, pass, soon } = two();
    const held = await a.turn();
    const waiting = b.turn();
    await pass(100);
    if ('lease' in held) held.lease.release();
    await pass(250);
    expect(isLease(await soon(waiting))).toBe(true);
  });

  it('is given back after the answer is written, so that nobody finds the one free and the other missing', async () => {
    const { a, b, cache, pass, soon } = two();
    const held = await a.turn();
    let write = () => {};
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    if ('lease' in held) held.lease.release(written);
    const waiting = b.turn();
    await pass(500);
    expect(await soon(waiting)).toBe('waits');
    cache.answer = 'x';
    write();
    await a.leases.flush();
    await pass(250);
    expect(await soon(waiting)).toEqual({ found: 'x' });
  });

  it('is kept as long as its holder works, be it 40 s', async () => {
    const { a, b, pass, soon } = two();
    await a.turn();
    const waiting = b.turn(member(120_000));
    await pass(40_000);
    expect(await soon(waiting)).toBe('waits');
  });

  it('of a holder who was killed keeps nobody waiting for 3 s', async () => {
    const { store, b, pass, soon } = two();
    // A process that takes it and never says another word.
    const { leaseKey } = await import('../../src/stores/keys.js');
    expect(await store.lease(leaseKey('k'), 'killed', LEASE_TTL_MS)).toBe(true);
    const waiting = b.turn();
    await pass(LEASE_TTL_MS - 100);
    expect(await soon(waiting)).toBe('waits');
    await pass(100 + 250);
    expect(isLease(await soon(waiting))).toBe(true);
    expect(LEASE_TTL_MS + 250).toBeLessThan(3000);
  });

  it('nobody waits for it longer than half of what is left of his deadline', async () => {
    const { a, b, pass, soon } = two();
    await a.turn();
    const waiting = b.turn(member(10_000));
    await pass(4900);
    expect(await soon(waiting)).toBe('waits');
    await pass(400);
    expect(isLease(await soon(waiting))).toBe(true);
  });

  it('who is called off while he waits leaves at once', async () => {
    const { a, b, pass } = two();
    await a.turn();
    const who = member();
    const waiting = failure(b.turn(who));
    await pass(100);
    who.leave('gone');
    expect(await waiting).toBe('gone');
  });

  it('who is called off while the store is asked leaves at once, and keeps nobody waiting', async () => {
    let answer = () => {};
    const slow = two({});
    const lease = slow.store.lease;
    slow.store.lease = (...args) =>
      new Promise((resolve) => {
        answer = () => lease(...args).then(resolve);
      });
    const who = member();
    const asking = failure(slow.a.turn(who));
    await slow.pass(25);
    who.leave('gone');
    expect(await asking).toBe('gone');
    slow.store.lease = lease;
    answer();
    await slow.pass(25);
    await slow.a.leases.flush();
    expect(isLease(await slow.soon(slow.b.turn()))).toBe(true);
  });

  it.each<[string, Partial<Store>]>([
    ['fails', { lease: () => Promise.reject(new BotllmError('STORE_UNAVAILABLE', 'gone')) }],
    ['is the memory of this process', { kind: 'memory', lease: () => Promise.resolve(false) }],
  ])('a store that %s makes nobody wait', async (_, over) => {
    const { a, b, soon } = two(over);
    expect(isLease(await soon(a.turn()))).toBe(true);
    expect(isLease(await soon(b.turn()))).toBe(true);
  });

  it('a store that fails while somebody waits lets him ask', async () => {
    const { store, a, b, pass, soon } = two();
    await a.turn();
    const waiting = b.turn();
    await pass(100);
    store.lease = () => Promise.reject(new Error('gone'));
    await pass(250);
    expect(isLease(await soon(waiting))).toBe(true);
  });

  it('a store that cannot be opened makes nobody wait', async () => {
    const leases = createLeases({
      store: () => Promise.reject(new Error('no')),
      clock: handClock(),
      random: () => 1,
    });
    const turn = leases.turn({ key: 'k', patience: member(), missedAt: 0, look: async () => null });
    expect(isLease(await turn)).toBe(true);
  });

  it('who was long on his way since he missed looks once more, and asks nothing that was answered meanwhile', async () => {
    const { clock, cache, a, b, pass, soon } = two();
    const missedAt = clock.monotonic();
    await pass(50);
    cache.answer = 'x';
    expect(await soon(a.turn(member(), missedAt))).toEqual({ found: 'x' });
    // And he has given it back.
    cache.answer = null;
    await a.leases.flush();
    expect(isLease(await soon(b.turn()))).toBe(true);
  });
});

describe('two processes with one store', () => {
  /** Clients as two processes would have them: nothing in common but the store. */
  async function pair(answer = completion('{"intent":"help","entities":[]}', { delayMs: 100 })) {
    const store = shared();
    const a = await bench({ store, rateLimit: 1 });
    const b = await bench({ store, rateLimit: 1, baseUrl: a.engine.url });
    a.engine.answerWith(answer);
    return { store, a, b };
  }

  it('equal questions at the same time are asked once: the other answer is a hit, which costs no quota', async () => {
    const { store, a, b } = await pair();
    const first = a.llm.complete(intent('hi'), { userId: 'one' });
    while (a.engine.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const [own, other] = await Promise.all([first, b.llm.complete(intent('hi'), { userId: 'two' })]);
    expect(a.engine.seen).toHaveLength(1);
    expect(own).toMatchObject({ source: 'model', attempts: 1 });
    expect(other).toMatchObject({ source: 'cache', cached: true, attempts: 0, data: own.data });
    expect(other.usage).toBeUndefined();
    expect(b.told()).toEqual(['llm_request', 'llm_cache_hit']);
    expect((await store.users(60_000, 5)).top.map(({ user }) => user)).toEqual(['one']);
    expect(await b.llm.metricsText()).toContain('llm_cache_hits_total{model="m"} 1');
  });

  it('all who wait in the second process are served by the one answer', async () => {
    const { a, b } = await pair();
    const first = a.llm.complete(intent('hi'));
    while (a.engine.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const others = await Promise.all(Array.from({ length: 20 }, () => b.llm.complete(intent('hi'))));
    await first;
    expect(a.engine.seen).toHaveLength(1);
    expect(new Set(others.map(({ source }) => source))).toEqual(new Set(['cache']));
  });

  it('when the first one fails, the other asks for itself', async () => {
    const { a, b } = await pair();
    a.engine.script(async (response, request) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await refuse(400)(response, request);
    });
    const first = a.llm.complete(intent('hi'));
    while (a.engine.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const other = b.llm.complete(intent('hi'));
    expect(await first).toMatchObject({ source: 'fallback' });
    expect(await other).toMatchObject({ source: 'model', attempts: 1 });
  });

  it('a hit asks the store for one thing; a call that asks the engine costs two trips more for its lease', async () => {
    const asked: string[] = [];
    const counting = new Proxy(shared(), {
      get: (target, name: keyof Store) => {
        const value = target[name];
        if (typeof value !== 'function') return value;
        return (...args: never[]) => {
          asked.push(name);
          return (value as (...all: never[]) => unknown)(...args);
        };
      },
    });
    // No time passes between the miss and the claim; else one would look once more.
    const { llm } = await bench({ store: counting, clock: { ...systemClock, monotonic: () => 0 } });
    await llm.complete(intent('hi'), { userId: 'u' });
    await expect.poll(() => asked).toEqual(['cacheGet', 'take', 'lease', 'cachePut', 'release']);
    asked.splice(0);
    await llm.complete(intent('hi'), { userId: 'u' });
    expect(asked).toEqual(['cacheGet']);
  });

  it('a batch call keeps no interactive one waiting', async () => {
    const { a, b } = await pair(completion('{"intent":"help","entities":[]}', { delayMs: 300 }));
    const slow = a.llm.complete(intent('hi'), { priority: 'batch' });
    while (a.engine.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await b.llm.complete(intent('hi'))).toMatchObject({ source: 'model', attempts: 1 });
    expect(await slow).toMatchObject({ source: 'model' });
  });
});
