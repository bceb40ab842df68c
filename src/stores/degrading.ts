import type { Store } from './contract.js';
import { createMemoryStore } from './memory.js';

export interface DegradingOptions {
  /** Once when the first call failed; again only after a recovery. */
  onDegraded?: ((error: unknown) => void) | undefined;
  /** Once when the store has answered `streak` calls in a row again. */
  onRecovered?: (() => void) | undefined;
  /** Milliseconds since the epoch, for the rule in memory and for the probes. */
  clock?: () => number;
  /** Failures in a row after which the store is left alone, and answers in a row that count as recovery (5). */
  streak?: number;
  /** How long it is left alone before one call probes it (3000 ms). */
  probeAfterMs?: number;
}

const SKIPPED = Symbol('skipped');

/**
 * Keeps the guards going while their store is away. The limiter goes on by the same rule in this process's
 * memory: never unlimited, never closed to everybody, though each process then counts for itself. The cache
 * misses. A store that failed some calls in a row is not asked again for a while, so that a dead one costs
 * nothing. Commands of an administrator (`clearCache`, `reset`) are told the truth instead.
 *
 * A stamp of the memory's is handed out negative, so that a refund finds its way back.
 */
export function createDegradingStore(primary: Store, options: DegradingOptions = {}): Store {
  const { onDegraded, onRecovered, clock = Date.now, streak = 5, probeAfterMs = 3_000 } = options;
  const memory = createMemoryStore({ clock });
  let degraded = false;
  let failures = 0;
  let successes = 0;
  let skippedSince = 0;

  function mayAsk(): boolean {
    if (failures < streak) return true;
    const now = clock();
    // A clock that stepped back must not keep the store away for ever.
    if (now >= skippedSince && now < skippedSince + probeAfterMs) return false;
    // The others go on without it until this one call has found out.
    skippedSince = now;
    return true;
  }

  function succeeded(): void {
    failures = 0;
    if (!degraded) return;
    successes += 1;
    if (successes < streak) return;
    degraded = false;
    tell(onRecovered);
  }

  function failed(error: unknown): void {
    successes = 0;
    failures += 1;
    skippedSince = clock();
    if (degraded) return;
    degraded = true;
    tell(onDegraded && (() => onDegraded(error)));
  }

  async function ask<T>(call: () => Promise<T>): Promise<T | typeof SKIPPED> {
    if (!mayAsk()) return SKIPPED;
    try {
      const value = await call();
      succeeded();
      return value;
    } catch (error) {
      failed(error);
      return SKIPPED;
    }
  }

  return {
    kind: primary.kind,
    location: primary.location,
    async cacheGet(key) {
      const value = await ask(() => primary.cacheGet(key));
      return value === SKIPPED ? null : value;
    },
    async cachePut(key, value, ttlMs) {
      await ask(() => primary.cachePut(key, value, ttlMs));
    },
    clearCache: (filter) => primary.clearCache(filter),
    async take(key, limit, windowMs) {
      const decision = await ask(() => primary.take(key, limit, windowMs));
      if (decision !== SKIPPED) return decision;
      const own = await memory.take(key, limit, windowMs);
      return { ...own, stamp: own.stamp === null ? null : -own.stamp };
    },
    async peek(key, limit, windowMs) {
      const decision = await ask(() => primary.peek(key, limit, windowMs));
      return decision === SKIPPED ? memory.peek(key, limit, windowMs) : decision;
    },
    async refund(key, stamp) {
      if (stamp < 0) await memory.refund(key, -stamp);
      else await ask(() => primary.refund(key, stamp));
    },
    async reset(key) {
      const here = await memory.reset(key);
      return (await primary.reset(key)) || here;
    },
    async close() {
      await Promise.allSettled([memory.close(), primary.close()]);
    },
  };
}

/** What a listener throws is its own affair. */
function tell(listener: (() => void) | undefined): void {
  try {
    listener?.();
  } catch {
    // The guards go on.
  }
}
