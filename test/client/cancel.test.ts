import { describe, expect, it } from 'vitest';
import { onEnd, openScope, orAbort } from '../../src/client/cancel.js';
import { handClock } from './hand-clock.js';

const clock = handClock();

describe('a scope', () => {
  it('ends with a parent of either kind, and tells listeners and signal the same reason', () => {
    const controller = new AbortController();
    const between = openScope({ clock, parents: [controller.signal] });
    const scope = openScope({ clock, parents: [undefined, between], aborted: (reason) => `our ${reason}` });
    const heard: unknown[] = [];
    onEnd(scope, (reason) => heard.push(reason));
    onEnd(scope.signal, (reason) => heard.push(reason));
    const leave = onEnd(scope, () => heard.push('one who left'));
    leave();
    controller.abort('end');
    expect(heard).toEqual(['our end', 'our end']);
    onEnd(scope, (reason) => heard.push(reason));
    expect(heard).toHaveLength(3);
    expect(() => scope.throwIfAborted()).toThrow('our end');
  });

  it('that has ended gives a signal that has, and keeps its first reason', () => {
    const scope = openScope({ clock, parents: [] });
    scope.cancel('first');
    scope.cancel('second');
    expect(scope.signal.aborted).toBe(true);
    expect(scope.signal.reason).toBe('first');
    expect(openScope({ clock, parents: [scope] }).reason).toBe('first');
  });

  it('that ends without a reason has one for whoever asks, always the same', () => {
    const scope = openScope({ clock, parents: [] });
    expect(scope.reason).toBeUndefined();
    scope.cancel(undefined);
    const { reason } = scope;
    expect(reason).toMatchObject({ name: 'AbortError' });
    expect([scope.reason, scope.signal.reason]).toEqual([reason, reason]);
  });

  it('that is closed hears nothing more of its parents nor of its timer', async () => {
    const parent = openScope({ clock, parents: [] });
    const scope = openScope({ clock, parents: [parent], timeoutMs: 10 });
    scope.close();
    parent.cancel('end');
    await clock.advance(20);
    expect(scope.aborted).toBe(false);
  });

  it('ends a wait at once, and without a reason as an AbortError', async () => {
    const scope = openScope({ clock, parents: [] });
    const wait = orAbort(new Promise(() => {}), scope);
    scope.cancel(undefined);
    await expect(wait).rejects.toMatchObject({ name: 'AbortError' });
  });
});
