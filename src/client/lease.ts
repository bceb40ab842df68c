import { randomUUID } from 'node:crypto';
import type { Store } from '../stores/contract.js';
import { leaseKey } from '../stores/keys.js';
import { type Ending, orAbort, sleep } from './cancel.js';
import type { Clock } from './clock.js';
import type { Patience } from './single-flight.js';

/** A killed holder keeps the others waiting for so long at most. */
export const LEASE_TTL_MS = 1500;
/** A living one renews in time, even if two renewals are late. */
const RENEW_MS = 500;
/** Pauses between two looks of those who wait: they grow from the first to the longest. */
const FIRST_POLL_MS = 25;
const LONGEST_POLL_MS = 250;
const POLL_GROWTH = 1.5;
/** Who waits leaves this part of its time for asking the engine itself. */
const WAITING_SHARE = 0.5;
/** A miss that is older may be none any more: another flight may have landed since. */
const FRESH_MISS_MS = 5;

/** Leave to ask the engine; whoever has it gives it back. */
export interface Lease {
  /** @param after what the others are to find when it is free: the write of the answer */
  release(after?: Promise<void>): void;
}

/** Either somebody else's answer, or leave to ask. */
export type Turn<T> = { found: T } | { lease: Lease };

export interface TurnRequest<T> {
  /** The answer's key. */
  key: string;
  patience: Patience;
  /** When the cache was last found empty, in monotonic milliseconds. */
  missedAt: number;
  /** The cache. */
  look: () => Promise<T | null>;
  /** What was said to a bid at the moment of the miss; null: somebody else has the lease. */
  bid?: Lease | null | undefined;
}

/** A lease that is asked for together with other things. */
export interface Bid {
  key: string;
  token: string;
  ttlMs: number;
}

export interface Leases {
  /**
   * Agrees with other processes on who asks the engine: the one who holds the key's lease. The others look for
   * his answer in growing, jittered pauses until it is there, until the lease is free (then one of them has
   * it), or for half of what is left of their deadline: then they ask for themselves. It is an economy, no
   * lock: a store that fails or is away lets everybody ask at once, and so does the memory of one process,
   * where flights do the same. Rejects only with the patience's reason.
   */
  turn<T>(request: TurnRequest<T>): Promise<Turn<T>>;
  /** For a key: what a store is to be asked. */
  bid(key: string): Bid;
  /** The lease of a bid that the store granted. */
  won(opened: Store, bid: Bid): Lease;
  /** Waits for the releases that are on their way. */
  flush(): Promise<void>;
}

export interface LeasesOptions {
  store: () => Promise<Store>;
  clock: Clock;
  random: () => number;
}

/** Nothing to give back. */
const FREE: Lease = { release: () => {} };

export function createLeases({ store, clock, random }: LeasesOptions): Leases {
  const releases = new Set<Promise<void>>();

  const letGo = (opened: Store, key: string, token: string, after: Promise<void>) => {
    const done = after
      .then(() => opened.release(key, token))
      // It ends by its time then.
      .catch(() => {})
      .finally(() => releases.delete(done));
    releases.add(done);
  };

  /** The lease; null when somebody else has it. */
  const claim = async (opened: Store, key: string, signal: Ending): Promise<Lease | null> => {
    const bid = { key, token: randomUUID(), ttlMs: LEASE_TTL_MS };
    const claiming = opened.lease(key, bid.token, bid.ttlMs);
    try {
      if (!(await orAbort(claiming, signal))) return null;
    } catch {
      if (!signal.aborted) return FREE;
      claiming.then((held) => held && letGo(opened, key, bid.token, Promise.resolve())).catch(() => {});
      throw signal.reason;
    }
    return won(opened, bid);
  };

  const won = (opened: Store, { key, token, ttlMs }: Bid): Lease => {
    const stop = renewing(clock, () => opened.lease(key, token, ttlMs));
    return {
      release: (after = Promise.resolve()) => {
        stop();
        letGo(opened, key, token, after);
      },
    };
  };

  const turn = async <T>(opened: Store, request: TurnRequest<T>): Promise<Turn<T>> => {
    const { patience, missedAt, look, bid } = request;
    const name = leaseKey(request.key);
    const until = clock.monotonic() + WAITING_SHARE * patience.remainingMs();
    let lease = bid;
    if (lease === undefined) {
      lease = opened.kind === 'memory' ? FREE : await claim(opened, name, patience.signal);
    }
    if (lease && clock.monotonic() - missedAt <= FRESH_MISS_MS) return { lease };
    try {
      for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * POLL_GROWTH)) {
        const found = await look();
        if (found !== null) {
          lease?.release();
          return { found };
        }
        if (lease) return { lease };
        if (clock.monotonic() >= until) return { lease: FREE };
        await sleep(pauseMs * (0.5 + 0.5 * random()), patience.signal, clock);
        // Whoever gets it looks once more: the answer is written before the lease is let go.
        lease = await claim(opened, name, patience.signal);
      }
    } catch (reason) {
      lease?.release();
      throw reason;
    }
  };

  return {
    bid: (key) => ({ key: leaseKey(key), token: randomUUID(), ttlMs: LEASE_TTL_MS }),
    won,
    async turn(request) {
      // Missed and granted in the same moment: there is nothing to look for.
      if (request.bid) return { lease: request.bid };
      const opened = await orAbort(
        store().catch(() => null),
        request.patience.signal,
      );
      return opened ? turn(opened, request) : { lease: FREE };
    },
    async flush() {
      await Promise.all(releases);
    },
  };
}

/** Renews until it is stopped or the lease is somebody else's. @returns stops it */
function renewing(clock: Clock, renew: () => Promise<boolean>): () => void {
  let stopped = false;
  let stopTimer = () => {};
  const next = () => {
    stopTimer = clock.after(RENEW_MS, async () => {
      const lost = (await renew().catch(() => null)) === false;
      if (!lost && !stopped) next();
    });
  };
  next();
  return () => {
    stopped = true;
    stopTimer();
  };
}
