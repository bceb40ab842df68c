import type { Store } from './contract.js';
import { decide, look } from './decide.js';
import { memoryAdmin } from './memory-admin.js';
import { MemoryCache } from './memory-cache.js';
import { memoryLeases } from './memory-leases.js';
import { storeMessages } from './messages.js';

export interface MemoryStoreOptions {
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Users whose calls are remembered; beyond it the one unseen for longest is forgotten. */
  maxUsers?: number;
  maxEntries?: number;
  /** Bytes of cached keys and values, as UTF-16. */
  maxBytes?: number;
}

/** The store of one process: gone with it, and what the limiter falls back to when the shared one is away. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { clock = Date.now, maxUsers = 10_000, maxEntries = 5_000, maxBytes = 32 * 1024 * 1024 } = options;
  const cache = new MemoryCache({ maxEntries, maxBytes });
  // The order of a Map is that of insertion; every use inserts anew, so the first is the one unseen for longest.
  const logs = new Map<string, number[]>();

  function remember(key: string, stamps: number[]): void {
    logs.delete(key);
    if (stamps.length === 0) return;
    logs.set(key, stamps);
    const oldest = logs.keys().next();
    if (logs.size > maxUsers && !oldest.done) logs.delete(oldest.value);
  }

  return {
    kind: 'memory',
    location: storeMessages.inMemory,
    async cacheGet(key) {
      return cache.get(key, clock());
    },
    async cachePut(key, value, ttlMs) {
      cache.put(key, value, ttlMs, clock());
    },
    async take(key, limit, windowMs) {
      const { decision, stamps } = decide(logs.get(key) ?? [], clock(), limit, windowMs);
      remember(key, stamps);
      return decision;
    },
    async peek(key, limit, windowMs) {
      return look(logs.get(key) ?? [], clock(), limit, windowMs);
    },
    async refund(key, stamp) {
      const stamps = logs.get(key);
      if (stamps)
        remember(
          key,
          stamps.filter((kept) => kept !== stamp),
        );
    },
    ...memoryLeases(clock),
    ...memoryAdmin(cache, logs, clock),
    async close() {
      logs.clear();
      cache.clear();
    },
  };
}
