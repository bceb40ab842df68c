import type { RootDatabase } from 'lmdb';
import { type Bounds, CacheTable } from './cache-table.js';
import type { KeeperOp, KeeperOps } from './keeper-protocol.js';
import { LeaseTable } from './lease-table.js';
import { LogTable } from './log-table.js';
import type { When } from './transaction.js';

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
  return {
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
