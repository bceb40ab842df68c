import type { CachedAnswer } from './cache.js';
import type { Call } from './call.js';
import { orAbort } from './cancel.js';
import type { Kit } from './kit.js';
import type { Lease } from './lease.js';
import { giveBack, limitOf, type Quota, quotaBy } from './quota.js';

/** What the guards said to a call. */
export interface Entrance {
  kept: CachedAnswer | null;
  /** Null: not asked yet. */
  quota: Quota | null;
  /** Null: somebody else has it. Undefined: not asked yet. */
  lease: Lease | null | undefined;
}

/**
 * The first steps of the pipeline that ask the store (cache, rate limit, lease; the breaker between them costs
 * nothing): in one trip where the store can, else the cache alone. Nothing is taken for a call whose answer was
 * there, and what was taken for one that is called off meanwhile is given back.
 * @param flight the key to claim a lease for; null: none is wanted
 * @throws BotllmError `RATE_LIMIT_EXCEEDED`, or the reason of the call's end
 */
export async function enterGuards(
  kit: Kit,
  call: Call,
  key: string,
  flight: string | null,
): Promise<Entrance> {
  const { signal } = call.patience;
  // While the breaker is open a miss is refused before it costs quota.
  return (
    (kit.breaker.waitMs() === 0 && (await allAtOnce(kit, call, key, flight))) || {
      kept: await kit.cache.get(key, signal),
      quota: null,
      lease: undefined,
    }
  );
}

async function allAtOnce(
  kit: Kit,
  call: Call,
  cacheKey: string,
  flight: string | null,
): Promise<Entrance | null> {
  const { signal } = call.patience;
  const opened = await orAbort(
    kit.store().catch(() => null),
    signal,
  );
  if (!opened?.enter) return null;
  const { scope, userId, onQuota: tell } = call;
  const limit = limitOf({ scope, userId, limit: call.limited ? kit.config.rateLimit : 0 });
  // Who will get aboard of what is under way needs no leave of his own.
  const bid = flight === null || kit.flights.has(flight) ? null : kit.leases.bid(flight);
  const entering = opened.enter({ cacheKey, limit, lease: bid });
  const entered = await orAbort(entering, signal).catch((error) => {
    const undo = async () => {
      const late = await entering;
      if (limit) giveBack(opened, limit.key, late?.decision?.stamp ?? null);
      if (bid && late?.leased) await opened.release(bid.key, bid.token);
    };
    undo().catch(() => {});
    throw error;
  });
  if (!entered) return null;
  const { value, decision, leased } = entered;
  if (value !== null) return { kept: kit.cache.read(value), quota: null, lease: undefined };
  const quota = quotaBy(decision, { limit, tell, opened });
  return { kept: null, quota, lease: bid && (leased ? kit.leases.won(opened, bid) : null) };
}
