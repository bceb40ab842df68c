import { describe, expect, it } from 'vitest';
import { createAdmission } from '../../src/client/admission.js';
import { failure } from './setup.js';

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

function queue(places: number, maxQueued = 100) {
  const admission = createAdmission({ places, maxQueued, now: () => 0 });
  const order: string[] = [];
  const leaves: (() => void)[] = [];
  const enter = (user: string, signal = never) =>
    admission.enter(user, signal).then((leave) => {
      order.push(user);
      leaves.push(leave);
    });
  return { admission, order, leaves, enter };
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
    expect(await failure(admission.enter('d', never))).toMatchObject({
      code: 'OVERLOADED',
      retryAfterMs: 3000,
    });
    expect(admission.queued).toBe(2);
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
});
