import type { Entered, Entry, GuardStore, LimitDecision, Store } from './contract.js';
import { createMemoryStore } from './memory.js';

export interface DegradingOptions {
  /** Once when the first call failed; again only after a recovery. */
  onDegraded?: ((error: unknown) => void) | undefined;
  /** Once when the store has answered `streak` calls in a row again. */
  onRecovered?: (() => void) | undefined;
  /** For each call that the store failed: for counting. */
  onFailure?: ((operation: keyof GuardStore) => void) | undefined;
  /** For each call that the rule in memory accepted or refused in the store's place: for counting. */
  onLocalDecision?: (() => void) | undefined;
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
 * misses, a lease is granted. A store that failed some calls in a row is not asked again for a while, so that a
 * dead one costs nothing. Commands of an administrator are told the truth instead.
 *
 * A stamp of the memory's is handed out negative, so that a refund finds its way back.
 */
export function createDegradingStore(primary: Store, options: DegradingOptions = {}): Store {
  const { onDegraded, onRecovered, onFailure, onLocalDecision } = options;
  const { clock = Date.now, streak = 5, probeAfterMs = 3_000 } = options;
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

  async function ask<T>(operation: keyof GuardStore, call: () => Promise<T>): Promise<T | typeof SKIPPED> {
    if (!mayAsk()) return SKIPPED;
    try {
      const value = await call();
      succeeded();
      return value;
    } catch (error) {
      failed(error);
      tell(onFailure && (() => onFailure(operation)));
      return SKIPPED;
    }
  }

  /** The rule in memory, in the store's place. */
  async function takeHere(key: string, limit: number, windowMs: number): Promise<LimitDecision> {
    tell(onLocalDecision);
    const own = await memory.take(key, limit, windowMs);
    return { ...own, stamp: own.stamp === null ? null : -own.stamp };
  }

  /** Only of a store that is well; of another each thing is asked for by itself, which finds out how it is. */
  async function enter(entry: Entry): Promise<Entered | null> {
    if (failures > 0) return null;
    try {
      const entered = await (primary.enter?.(entry) ?? null);
      if (entered !== null) succeeded();
      return entered;
    } catch (error) {
      failed(error);
      tell(onFailure && (() => onFailure('enter')));
    }
    const { limit } = entry;
    const decision = limit && (await takeHere(limit.key, limit.calls, limit.windowMs));
    return { value: null, decision, leased: entry.lease !== null && decision?.allowed !== false };
  }

  return {
    kind: primary.kind,
    location: primary.location,
    ...(primary.enter && { enter }),
    async cacheGet(key) {
      const value = await ask('cacheGet', () => primary.cacheGet(key));
      return value === SKIPPED ? null : value;
    },
    async cachePut(key, value, ttlMs) {
      await ask('cachePut', () => primary.cachePut(key, value, ttlMs));
    },
    async take(key, limit, windowMs) {
      const decision = await ask('take', () => primary.take(key, limit, windowMs));
      return decision === SKIPPED ? takeHere(key, limit, windowMs) : decision;
    },
    async peek(key, limit, windowMs) {
      const decision = await ask('peek', () => primary.peek(key, limit, windowMs));
      return decision === SKIPPED ? memory.peek(key, limit, windowMs) : decision;
    },
    async refund(key, stamp) {
      if (stamp < 0) await memory.refund(key, -stamp);
      else await ask('refund', () => primary.refund(key, stamp));
    },
    async lease(key, token, ttlMs) {
      const granted = await ask('lease', () => primary.lease(key, token, ttlMs));
      // Two that ask one engine cost less than one that waits for nobody.
      return granted === SKIPPED || granted;
    },
    async release(key, token) {
      await ask('release', () => primary.release(key, token));
    },
    clearCache: (filter, given) => primary.clearCache(filter, given),
    cacheStats: (filter, given) => primary.cacheStats(filter, given),
    users: (windowMs, top, given) => primary.users(windowMs, top, given),
    async reset(key) {
      const here = await memory.reset(key);
      return (await primary.reset(key)) || here;
    },
    async resetAll(given) {
      await memory.resetAll({ signal: given?.signal });
      return primary.resetAll(given);
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
