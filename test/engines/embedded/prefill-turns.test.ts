import { setMaxListeners } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PrefillTurns } from '../../../src/engines/embedded/generate/prefill-turns.js';

const never = new AbortController().signal;
setMaxListeners(0, never);

/** A prompt of so many pieces; every piece is noted as it begins and takes a few turns of the event loop. */
async function prompt(turns: PrefillTurns, name: string, pieces: number, order: string[], signal = never) {
  for (let n = 0; n < pieces; n++) {
    await turns.take(n === 0 ? 'first' : 'further', 128, signal, async () => {
      order.push(name);
      await tick();
      await tick();
    });
  }
}

describe('turns of prefill', () => {
  it('runs one piece at a time and lets prompts take turns', async () => {
    const turns = new PrefillTurns(128);
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const one = async (name: string) => {
      for (let n = 0; n < 3; n++) {
        await turns.take(n === 0 ? 'first' : 'further', 128, never, async () => {
          most = Math.max(most, ++running);
          order.push(name);
          await tick();
          running -= 1;
        });
      }
    };
    await Promise.all([one('a'), one('b'), one('c')]);
    expect(most).toBe(1);
    expect(order).toHaveLength(9);
    expect(order.indexOf('c')).toBeLessThan(order.lastIndexOf('a'));
  });

  it('lets a newcomer wait for the one piece that is running, not for one of each long prompt', async () => {
    const turns = new PrefillTurns(128);
    const order: string[] = [];
    const long = [prompt(turns, 'a', 6, order), prompt(turns, 'b', 6, order), prompt(turns, 'c', 6, order)];
    while (order.length < 6) await tick();
    const before = order.length;
    await prompt(turns, 'new', 1, order);
    // The running one was noted already: at most one other begins before the newcomer's.
    expect(order.slice(before).indexOf('new')).toBeLessThanOrEqual(1);
    await Promise.all(long);
  });

  it('does not let a stream of newcomers starve a long prompt', async () => {
    const turns = new PrefillTurns(128);
    const order: string[] = [];
    const long = prompt(turns, 'long', 5, order);
    const newcomers = Array.from({ length: 20 }, () => prompt(turns, 'new', 1, order));
    await Promise.all([long, ...newcomers]);
    // Every other turn is the long prompt's: its five pieces are over after about ten.
    expect(order.lastIndexOf('long')).toBeLessThanOrEqual(10);
  });

  it('takes an aborted request out of the line at once and goes on with the others', async () => {
    const turns = new PrefillTurns(128);
    const order: string[] = [];
    const controller = new AbortController();
    const first = prompt(turns, 'a', 3, order);
    const aborted = prompt(turns, 'gone', 1, order, controller.signal);
    const after = prompt(turns, 'b', 1, order);
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    await Promise.all([first, after]);
    expect(order).not.toContain('gone');
    expect(order).toContain('b');
  });

  it('passes the turn on when a piece fails', async () => {
    const turns = new PrefillTurns(128);
    const failing = turns.take('first', 128, never, async () => {
      await tick();
      throw new Error('broken');
    });
    const next = turns.take('first', 128, never, async () => 'fine');
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });

  it('computes short pieces together, as many as one turn holds', async () => {
    const turns = new PrefillTurns(128);
    let running = 0;
    let most = 0;
    const piece = async () => {
      most = Math.max(most, ++running);
      await tick();
      running -= 1;
    };
    const short = (tokens: number) => turns.take('first', tokens, never, piece);
    await Promise.all(Array.from({ length: 9 }, () => short(42)));
    expect(most).toBe(3);
    most = 0;
    await Promise.all([short(100), short(100), short(100)]);
    expect(most).toBe(1);
    expect(turns.busy).toBe(false);
  });

  it('ends a turn whose tokens are spent, so that short newcomers cannot hold it open for ever', async () => {
    const turns = new PrefillTurns(128);
    const order: string[] = [];
    let over = false;
    const stream = async () => {
      for (let n = 0; n < 50 && !over; n++) {
        await turns.take('first', 20, never, async () => {
          order.push('new');
          await tick();
        });
      }
    };
    const streams = [stream(), stream(), stream()];
    await tick();
    await turns.take('further', 128, never, async () => {
      order.push('long');
    });
    over = true;
    await Promise.all(streams);
    // A turn holds six of twenty tokens; those that came before it and one turn more.
    expect(order.indexOf('long')).toBeLessThanOrEqual(3 + 2 * 6);
  });

  it('knows which piece shared its turn, also with one that is over already', async () => {
    const turns = new PrefillTurns(128);
    const seen: boolean[] = [];
    await turns.take('first', 100, never, async () => {
      await tick();
      seen.push(turns.isAlone(100));
    });
    const long = turns.take('first', 100, never, async () => {
      for (let n = 0; n < 5; n++) await tick();
      seen.push(turns.isAlone(100));
    });
    await turns.take('first', 20, never, async () => tick());
    await long;
    expect(seen).toEqual([true, false]);
  });
});
