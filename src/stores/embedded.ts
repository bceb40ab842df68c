import type { Store } from './contract.js';
import { assertLimit } from './decide.js';
import { embeddedAdmin } from './embedded-admin.js';
import { KeeperLink } from './keeper-link.js';

export interface EmbeddedStoreOptions {
  /** The store's own folder; created on first use. On a local disk: LMDB's locks need shared memory. */
  folder: string;
  /** Milliseconds since the epoch; without it each decision reads the system's clock in its transaction. */
  clock?: (() => number) | undefined;
  /** Bound of one call, milliseconds (100; a step of an admin command: at least 1000). The first also waits to open. */
  timeoutMs?: number;
  /** Bound of opening the file (1000). */
  openTimeoutMs?: number;
  /** Bound of starting the process that holds the file (10000). */
  startTimeoutMs?: number;
  /** Bytes of cached answers with their keys, as they lie in the file (64 MiB). */
  maxBytes?: number;
  /** Cached answers (50000). */
  maxEntries?: number;
}

/**
 * The store of one machine without a server: LMDB in `folder`, shared by all its processes, kept when they
 * end or are killed, begun afresh after a reboot of the machine (the file is not synced for the sake of minutes).
 * Nothing is started or opened before the first call. Calls reject with `STORE_UNAVAILABLE` when the file cannot
 * be opened or written in time.
 */
export function createEmbeddedStore(options: EmbeddedStoreOptions): Store {
  const { folder, clock, timeoutMs = 100, openTimeoutMs = 1_000, startTimeoutMs = 10_000 } = options;
  const { maxBytes = 64 * 1024 * 1024, maxEntries = 50_000 } = options;
  const link = new KeeperLink({
    settings: { folder, maxBytes, maxEntries },
    clock,
    timeoutMs,
    openTimeoutMs,
    startTimeoutMs,
  });
  return {
    kind: 'embedded',
    location: folder,
    async enter(entry) {
      if (entry.limit) assertLimit(entry.limit.calls, entry.limit.windowMs);
      return link.call('enter', entry);
    },
    cacheGet: (key) => link.call('cacheGet', key),
    async cachePut(key, value, ttlMs) {
      await link.call('cachePut', key, value, ttlMs);
    },
    async take(key, limit, windowMs) {
      assertLimit(limit, windowMs);
      return link.call('take', key, limit, windowMs);
    },
    async peek(key, limit, windowMs) {
      assertLimit(limit, windowMs);
      return link.call('peek', key, limit, windowMs);
    },
    async refund(key, stamp) {
      await link.call('refund', key, stamp);
    },
    lease: (key, token, ttlMs) => link.call('lease', key, token, ttlMs),
    async release(key, token) {
      await link.call('release', key, token);
    },
    ...embeddedAdmin(link, maxBytes),
    close: () => link.close(),
  };
}
