import type { Database, RootDatabase } from 'lmdb';
import type { CacheFilter, LimitDecision } from './contract.js';
import { assertLimit, decide, look } from './decide.js';
import { matchesFilter } from './filter.js';
import type { ClearedSome } from './keeper-protocol.js';
import { CACHE_PREFIX } from './keys.js';

export interface Bounds {
  maxBytes: number;
  maxEntries: number;
}

/** When a call runs: `now` by the clock in charge, `late` when its caller has stopped waiting. */
export interface When {
  now: () => number;
  late: () => boolean;
}

type Cached = [expiresAt: number, bytes: number, value: string];
type Log = [until: number, ...stamps: number[]];
interface Size {
  bytes: number;
  entries: number;
}

/** LMDB takes keys up to 1978 bytes; ordered keys of two parts need some of that themselves. */
const MAX_KEY_BYTES = 1_500;
/** Deleted in one transaction: some milliseconds, so that other processes are hardly held up. */
const CLEAR_BATCH = 500;
const EXPIRED_PER_PUT = 16;

/**
 * The embedded store's data and the rules of its upkeep. It is bounded without a background job: every put
 * removes some expired answers, then those nearest their end until it fits (with one TTL, the oldest), and
 * every take looks at two other users' logs and removes those that are over.
 */
export class Tables {
  private readonly cache: Database<Cached, string>;
  /** Cached keys by the time they expire. */
  private readonly expiry: Database<boolean, [number, string]>;
  private readonly logs: Database<Log, string>;
  private readonly meta: Database<Size, string>;
  private sweptTo = '';

  constructor(
    private readonly root: RootDatabase,
    private readonly bounds: Bounds,
  ) {
    this.cache = root.openDB({ name: 'cache' });
    this.expiry = root.openDB({ name: 'expiry' });
    this.logs = root.openDB({ name: 'logs' });
    this.meta = root.openDB({ name: 'meta' });
  }

  cacheGet(when: When, key: string): string | null {
    const found = fits(key) ? this.cache.get(key) : undefined;
    // A snapshot that stays open keeps every page of its time alive in the file.
    this.root.resetReadTxn();
    return found && found[0] > when.now() ? found[2] : null;
  }

  async cachePut(when: When, key: string, value: string, ttlMs: number): Promise<null> {
    const bytes = cost(key, value);
    await this.write(when, () => {
      const size = this.meta.get('cache') ?? { bytes: 0, entries: 0 };
      const old = fits(key) ? this.cache.get(key) : undefined;
      if (old) this.forget(key, old, size);
      if (fits(key) && ttlMs > 0 && bytes <= this.bounds.maxBytes / 4) {
        const now = when.now();
        this.dropExpired(now, size);
        this.makeRoom(bytes, size);
        const expiresAt = now + ttlMs;
        this.cache.put(key, [expiresAt, bytes, value]);
        this.expiry.put([expiresAt, key], true);
        size.bytes += bytes;
        size.entries += 1;
      }
      this.meta.put('cache', size);
    });
    return null;
  }

  async clearSome(when: When, filter: CacheFilter, after: string | null): Promise<ClearedSome> {
    const done = await this.write(when, (): ClearedSome => {
      const size = this.meta.get('cache') ?? { bytes: 0, entries: 0 };
      const batch = [...this.cache.getRange({ start: after ?? CACHE_PREFIX, limit: CLEAR_BATCH + 1 })];
      const next = batch.length > CLEAR_BATCH ? (batch.pop()?.key ?? null) : null;
      const doomed = batch.filter(({ key }) => matchesFilter(key, filter));
      for (const { key, value } of doomed) this.forget(key, value, size);
      if (doomed.length > 0) this.meta.put('cache', size);
      return { removed: doomed.length, next };
    });
    return done ?? { removed: 0, next: null };
  }

  async take(when: When, key: string, limit: number, windowMs: number): Promise<LimitDecision | null> {
    // Before the transaction: what throws inside one would leave half of it written.
    assertLimit(limit, windowMs);
    return this.write(when, () => {
      const now = when.now();
      const { decision, stamps } = decide(this.stamps(key), now, limit, windowMs);
      if (decision.allowed) this.logs.put(key, [now + decision.resetMs, ...stamps]);
      this.sweep(now);
      return decision;
    });
  }

  peek(when: When, key: string, limit: number, windowMs: number): LimitDecision {
    const stamps = this.stamps(key);
    this.root.resetReadTxn();
    return look(stamps, when.now(), limit, windowMs);
  }

  async refund(when: When, key: string, stamp: number): Promise<null> {
    await this.write(when, () => {
      const log = this.logs.get(key);
      if (!log) return;
      const [until, ...stamps] = log;
      const kept = stamps.filter((one) => one !== stamp);
      if (kept.length === 0) this.logs.remove(key);
      else this.logs.put(key, [until, ...kept]);
    });
    return null;
  }

  async reset(when: When, key: string): Promise<boolean> {
    const had = await this.write(when, () => {
      const known = this.logs.get(key) !== undefined;
      if (known) this.logs.remove(key);
      return known;
    });
    return had ?? false;
  }

  /** Null when the caller had gone before the lock was ours: a call that was reported as failed is not made. */
  private write<T>(when: When, work: () => T): Promise<T | null> {
    return this.root.transaction(() => (when.late() ? null : work()));
  }

  private stamps(key: string): number[] {
    return this.logs.get(key)?.slice(1) ?? [];
  }

  private forget(key: string, cached: Cached, size: Size): void {
    this.cache.remove(key);
    this.expiry.remove([cached[0], key]);
    size.bytes -= cached[1];
    size.entries -= 1;
  }

  private dropExpired(now: number, size: Size): void {
    for (const [expiresAt, key] of [...this.expiry.getKeys({ limit: EXPIRED_PER_PUT })]) {
      if (expiresAt > now) return;
      this.forgetIndexed(expiresAt, key, size);
    }
  }

  private makeRoom(bytes: number, size: Size): void {
    while (size.bytes + bytes > this.bounds.maxBytes || size.entries >= this.bounds.maxEntries) {
      const [first] = [...this.expiry.getKeys({ limit: 1 })];
      if (!first) return;
      this.forgetIndexed(first[0], first[1], size);
    }
  }

  private forgetIndexed(expiresAt: number, key: string, size: Size): void {
    const cached = this.cache.get(key);
    if (cached) this.forget(key, cached, size);
    // Also when the index and the table disagree: the loop over the index must come to an end.
    this.expiry.remove([expiresAt, key]);
  }

  private sweep(now: number): void {
    const batch = [...this.logs.getRange({ start: this.sweptTo, limit: 3 })];
    for (const { key, value } of batch.slice(0, 2)) if (value[0] <= now) this.logs.remove(key);
    this.sweptTo = batch[2]?.key ?? '';
  }
}

function fits(key: string): boolean {
  return Buffer.byteLength(key) <= MAX_KEY_BYTES;
}

/** Room in the file: long values take whole pages of 4 KiB, and the key stands in two tables. */
function cost(key: string, value: string): number {
  const bytes = Buffer.byteLength(value);
  return (bytes > 1_900 ? Math.ceil((bytes + 16) / 4096) * 4096 : bytes) + 2 * Buffer.byteLength(key) + 64;
}
