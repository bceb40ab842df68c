import { describe, expect, it } from 'vitest';
import { QueueFullError, SlotPool, sharedPrefix } from '../../../src/engines/embedded/generate/slot-pool.js';

const never = new AbortController().signal;

class FakeSlot {
  constructor(
    readonly name: string,
    public tokens: number[] = [],
  ) {}
  cachedTokens() {
    return this.tokens;
  }
}

describe('the pool of slots', () => {
  it('chooses the slot that shares the longest beginning with the prompt', async () => {
    const slots = [new FakeSlot('a', [1, 2, 9]), new FakeSlot('b', [1, 2, 3, 4]), new FakeSlot('c', [7])];
    const pool = new SlotPool(slots);
    expect((await pool.acquire([1, 2, 3, 4, 5], never)).name).toBe('b');
  });

  it('takes the least recently used slot when no beginning is worth keeping', async () => {
    const slots = [new FakeSlot('a', [5]), new FakeSlot('b', [1, 8, 8])];
    const pool = new SlotPool(slots);
    const long = Array.from({ length: 40 }, (_, i) => i + 1);
    // Slot b shares one token of forty, the template's opening: that is no reason to throw its cache away.
    expect((await pool.acquire(long, never)).name).toBe('a');
  });

  it('admits waiting requests in the order they came', async () => {
    const pool = new SlotPool([new FakeSlot('only')]);
    const slot = await pool.acquire([1], never);
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (n) => {
      const mine = await pool.acquire([n], never);
      order.push(n);
      pool.release(mine);
    });
    expect(pool.queued).toBe(3);
    pool.release(slot);
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
    expect([pool.busy, pool.queued]).toEqual([0, 0]);
  });

  it('refuses at once, by throwing, when the queue is full', async () => {
    const pool = new SlotPool([new FakeSlot('only')], 1);
    await pool.acquire([1], never);
    void pool.acquire([1], never);
    expect(() => pool.acquire([1], never)).toThrow(QueueFullError);
  });

  it('takes a request that gave up out of the queue', async () => {
    const pool = new SlotPool([new FakeSlot('only')]);
    const slot = await pool.acquire([1], never);
    const controller = new AbortController();
    const waiting = pool.acquire([1], controller.signal);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(pool.queued).toBe(0);
    pool.release(slot);
    expect(pool.busy).toBe(0);
  });

  it('puts a replacement where a slot failed', async () => {
    const pool = new SlotPool([new FakeSlot('bad')]);
    const slot = await pool.acquire([1], never);
    pool.release(slot, new FakeSlot('good'));
    expect((await pool.acquire([1], never)).name).toBe('good');
  });
});

describe('sharedPrefix', () => {
  it('counts equal tokens from the start', () => {
    expect(sharedPrefix([1, 2, 3], [1, 2, 4])).toBe(2);
    expect(sharedPrefix([], [1])).toBe(0);
  });
});
