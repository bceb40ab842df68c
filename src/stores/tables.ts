import type { RootDatabase } from 'lmdb';
import { type Bounds, CacheTable } from './cache-table.js';
import type { Entered, Entry } from './contract.js';
import type { KeeperOp, KeeperOps } from './keeper-protocol.js';
import { LeaseTable } from './lease-table.js';
import { LogTable } from './log-table.js';
import { type When, write } from './transaction.js';

/** Named databases in the file, with some to spare for versions to come. */
export const MAX_TABLES = 8;

/** How each operation is done; null only to a caller who has stopped waiting. */
export type Tables = {
  [Op in KeeperOp]: (
    when: When,
    ...args: Parameters<KeeperOps[Op]>
  ) => ReturnType<KeeperOps[Op]> | Promise<ReturnType<KeeperOps[Op]> | null>;
};

/** The embedded store's data. */
export function openTables(root: RootDatabase, bounds: Bounds): Tables {
  const cache = new CacheTable(root, bounds);
  const logs = new LogTable(root);
  const leases = new LeaseTable(root);
  const enter = async (when: When, { cacheKey, limit, lease }: Entry): Promise<Entered | null> => {
    const value = cache.get(when, cacheKey);
    if (value !== null || !(limit || lease)) return { value, decision: null, leased: false };
    const take = limit && logs.taking(when, limit.key, limit.calls, limit.windowMs);
    const claim = lease && leases.leasing(when, lease.key, lease.token, lease.ttlMs);
    return write(root, when, () => {
      const decision = take?.() ?? null;
      return { value: null, decision, leased: decision?.allowed !== false && (claim?.() ?? false) };
    });
  };
  return {
    enter,
    cacheGet: (...call) => cache.get(...call),
    cachePut: (...call) => cache.put(...call),
    cacheBytes: () => cache.bytes(),
    clearSome: (...call) => cache.clearSome(...call),
    countSome: (...call) => cache.countSome(...call),
    take: (...call) => logs.take(...call),
    peek: (...call) => logs.peek(...call),
    refund: (...call) => logs.refund(...call),
    reset: (...call) => logs.reset(...call),
    usersSome: (...call) => logs.usersSome(...call),
    resetSome: (...call) => logs.resetSome(...call),
    lease: (...call) => leases.lease(...call),
    release: (...call) => leases.release(...call),
  };
}
