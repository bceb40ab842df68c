import type { CacheFilter, Store } from './contract.js';
import { decide, look } from './decide.js';
import { matchesFilter } from './filter.js';
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

interface Entry {
  value: string;
  expiresAt: number;
  bytes: number;
}

/** The store of one process: gone with it, and what the limiter falls back to when the shared one is away. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { clock = Date.now, maxUsers = 10_000, maxEntries = 5_000, maxBytes = 32 * 1024 * 1024 } = options;
  // A Map keeps the order of insertion: what is put in again on every use is last, so the first is the oldest.
  const logs = new Map<string, number[]>();
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  function makeRoom(): void {
    if (entries.size <= maxEntries && bytes <= maxBytes) return;
    const now = clock();
    for (const [key, entry] of entries) if (entry.expiresAt <= now) drop(key);
    for (const key of entries.keys()) {
      if (entries.size <= maxEntries && bytes <= maxBytes) return;
      drop(key);
    }
  }

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
      const entry = entries.get(key);
      if (!entry) return null;
      entries.delete(key);
      if (entry.expiresAt <= clock()) {
        bytes -= entry.bytes;
        return null;
      }
      entries.set(key, entry);
      return entry.value;
    },
    async cachePut(key, value, ttlMs) {
      drop(key);
      const size = 2 * (key.length + value.length);
      if (ttlMs <= 0 || size > maxBytes) return;
      entries.set(key, { value, expiresAt: clock() + ttlMs, bytes: size });
      bytes += size;
      makeRoom();
    },
    async clearCache(filter: CacheFilter) {
      const doomed = [...entries.keys()].filter((key) => matchesFilter(key, filter));
      for (const key of doomed) drop(key);
      return doomed.length;
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
    async reset(key) {
      return logs.delete(key);
    },
    async close() {
      logs.clear();
      entries.clear();
      bytes = 0;
    },
  };
}
