import { describe, expect, it } from 'vitest';
import { createAdmission } from '../../src/client/admission.js';
import type { Priority } from '../../src/types.js';
import { failure } from './setup.js';

const patience = (signal = new AbortController().signal, remaining = 60_000) => ({
  signal,
  remainingMs: () => remaining,
});
const settle = () => new Promise((resolve) => setImmediate(resolve));

function queue(places: number, maxQueued = 100) {
  const clock = { now: 0 };
  const seen = { inFlight: 0, queued: { interactive: 0, improve: 0, batch: 0 }, waits: [] as number[] };
  const admission = createAdmission({
    places,
    maxQueued,
    now: () => clock.now,
    gauge: {
      inFlight(change) {
        seen.inFlight += change;
      },
      queued(priority, change) {
        seen.queued[priority] += change;
      },
      waited: (_, ms) => void seen.waits.push(ms),
    },
  });
  const order: string[] = [];
  const leaves: (() => void)[] = [];
  const enter = (user: string, signal?: AbortSignal, priority: Priority = 'interactive') =>
    admission.enter({ user, priority }, patience(signal)).then((leave) => {
      order.push(user);
      leaves.push(() => leave(true));
    });
  return { clock, seen, admission, order, leaves, enter };
}

describe('admission', () => {
  it('lets in as many as there are places, and the next one when one leaves', async () => {
    const { admission, order, leaves, enter } = queue(2);
    for (const user of ['a', 'b', 'c']) void enter(user);
    await settle();
    expect(order).toEqual(['a', 'b']);
    leaves[0]?.();
    leaves[0]?.();
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
    expect(admission.inFlight).toBe(2);
  });

  it('goes round the users: a long queue of one delays nobody else', async () => {
    const { order, leaves, enter } = queue(1);
    for (const user of ['a', 'a', 'a', 'a', 'b', 'c', 'b']) void enter(user);
    for (let i = 0; i < 7; i += 1) {
      await settle();
      leaves[i]?.();
    }
    expect(order).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'a']);
  });

  it('sheds when the queue is full, with a hint that grows with it', async () => {
    const { admission, enter } = queue(1, 2);
    for (const user of ['a', 'b', 'c']) void enter(user);
    expect(await failure(enter('d'))).toMatchObject({
      code: 'OVERLOADED',
      retryAfterMs: 3000,
      message: 'The engine is busy: a turn would come in about 3000 ms (calls waiting: 2)',
    });
    expect(admission.queued).toBe(2);
  });

  it('says how long the wait would be when that is what is wrong with it, and nobody waits', async () => {
    const { clock, admission, leaves, enter } = queue(1);
    void enter('a');
    await settle();
    clock.now += 500;
    leaves[0]?.();
    void enter('b');
    const hurried = admission.enter({ user: 'c', priority: 'interactive' }, patience(undefined, 100));
    expect(await failure(hurried)).toMatchObject({
      code: 'OVERLOADED',
      message: 'The engine is busy: a turn would come in about 500 ms (calls waiting: 0)',
    });
  });

  it('one who is called off leaves the queue, and his place to the others', async () => {
    const { admission, order, leaves, enter } = queue(1);
    const controller = new AbortController();
    void enter('a');
    const gone = failure(enter('b', controller.signal));
    void enter('c');
    controller.abort('gone');
    expect(await gone).toBe('gone');
    leaves[0]?.();
    await settle();
    expect(order).toEqual(['a', 'c']);
    expect(admission).toMatchObject({ inFlight: 1, queued: 0 });
  });

  it('let in and called off in the same moment, the place is not lost', async () => {
    const { admission, leaves, enter } = queue(1);
    const controller = new AbortController();
    void enter('a');
    await settle();
    const gone = failure(enter('b', controller.signal));
    controller.abort('gone');
    leaves[0]?.();
    expect(await gone).toBe('gone');
    expect(admission).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('more places let the waiting in at once', async () => {
    const { admission, order, enter } = queue(1);
    for (const user of ['a', 'b', 'c']) void enter(user);
    admission.setLimit(3);
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['a batch call makes room for an interactive one', 'batch', 'interactive'],
    ['a batch call makes room for an improvement', 'batch', 'improve'],
    ['an improvement makes room for an interactive call', 'improve', 'interactive'],
  ] as const)('full: %s, and is told when to come back', async (_, low, high) => {
    const { admission, order, leaves, enter, seen } = queue(1, 2);
    void enter('busy');
    const old = failure(enter('old', undefined, low));
    const young = failure(enter('young', undefined, low));
    void enter('urgent', undefined, high);
    expect(await young).toMatchObject({ code: 'OVERLOADED', retryAfterMs: expect.any(Number) });
    expect(await failure(enter('late', undefined, low))).toMatchObject({ code: 'OVERLOADED' });
    expect(admission.queued).toBe(2);
    expect(seen.queued).toMatchObject({ [low]: 1, [high]: 1 });
    leaves[0]?.();
    await settle();
    expect(order).toEqual(['busy', 'urgent']);
    void old;
  });

  it('full: one who waits for many calls makes room for one who waits for none, never the other way round', async () => {
    const { admission, enter } = queue(1, 3);
    void enter('busy');
    const many = [enter('many'), enter('many'), failure(enter('many'))];
    void enter('one');
    expect(await many[2]).toMatchObject({ code: 'OVERLOADED' });
    expect(await failure(enter('many'))).toMatchObject({ code: 'OVERLOADED' });
    expect(await failure(enter('one'))).toMatchObject({ code: 'OVERLOADED' });
    expect(admission.queued).toBe(3);
  });

  it('counts who waits, who is in, and how long each had to wait', async () => {
    const { clock, seen, leaves, enter } = queue(1);
    void enter('a');
    void enter('b');
    await settle();
    expect(seen).toMatchObject({ inFlight: 1, queued: { interactive: 1 } });
    clock.now = 250;
    leaves[0]?.();
    await settle();
    leaves[1]?.();
    expect(seen).toEqual({ inFlight: 0, queued: { interactive: 0, improve: 0, batch: 0 }, waits: [0, 250] });
  });

  it('learns how long calls take from answers and timeouts, not from refusals that took no time', async () => {
    const { clock, admission } = queue(1);
    const held = async (ms: number, answered: boolean) => {
      const leave = await admission.enter({ user: 'u', priority: 'interactive' }, patience());
      clock.now += ms;
      leave(answered);
      return admission.averageMs;
    };
    expect(await held(1, false)).toBeNull();
    expect(await held(1000, true)).toBe(1000);
    expect(await held(1, false)).toBe(1000);
    expect(await held(2000, true)).toBe(1200);
    expect(await held(6200, false)).toBe(2200);
  });
});
