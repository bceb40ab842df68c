import { BotllmError } from '../errors.js';
import { type Ending, openScope, orAbort } from './cancel.js';
import type { Clock } from './clock.js';
import { MESSAGES } from './messages.js';

/** When calls may begin, and when they have to end. */
export interface Lifetime {
  /** Ends a call that begins now: when the client's patience is over; for one that comes too late at once. */
  signal(): Ending;
  /** A call is under way. @returns says that it is over */
  begin(): () => void;
  /**
   * From now on no call begins. Waits until those under way are over; after `drainMs` they are ended with
   * `CLIENT_CLOSED`. Said twice, the shorter time holds.
   */
  end(drainMs: number): Promise<void>;
}

export function createLifetime(clock: Clock): Lifetime {
  const running = openScope({ clock, parents: [] });
  const ended = openScope({ clock, parents: [] });
  const closed = () => new BotllmError('CLIENT_CLOSED', MESSAGES.closed);
  const calls = new Set<symbol>();
  const onEmpty: (() => void)[] = [];
  const empty = () =>
    calls.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => void onEmpty.push(resolve));

  return {
    signal: () => (ended.aborted ? ended : running),
    begin() {
      const call = Symbol('call');
      calls.add(call);
      return () => {
        calls.delete(call);
        if (calls.size === 0) for (const tell of onEmpty.splice(0)) tell();
      };
    },
    async end(drainMs) {
      ended.cancel(closed());
      const stop = drainMs > 0 ? clock.after(drainMs, () => running.cancel(closed())) : () => {};
      if (drainMs <= 0) running.cancel(closed());
      await orAbort(empty(), running).catch(() => {});
      stop();
      running.cancel(closed());
      // Who was ended by this has his fallback or his error in this turn. A stream that its reader forgot is not
      // waited for.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
