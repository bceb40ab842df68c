import type { Database, RootDatabase } from 'lmdb';
import type { CacheFilter } from './contract.js';
import { isOldEnough, matchesFilter } from './filter.js';
import type { CountedSome } from './keeper-protocol.js';
import { ALL_CACHE } from './keys.js';
import { GroupTally } from './tally.js';
import { fits, type Page, page, type When, write } from './transaction.js';
import type { Step } from './walk.js';

export interface Bounds {
  maxBytes: number;
  maxEntries: number;
}

type Cached = [expiresAt: number, bytes: number, value: string];
interface Size {
  bytes: number;
  entries: number;
}

const EXPIRED_PER_PUT = 16;

/**
 * Cached answers. They are bounded without a background job: every put removes some that are expired, then those
 * nearest their end until it fits (with one TTL, the oldest).
 */
export class CacheTable {
  private readonly cache: Database<Cached, string>;
  /** Cached keys by the time they expire. */
  private readonly expiry: Database<boolean, [number, string]>;
  private readonly meta: Database<Size, string>;

  constructor(
    private readonly root: RootDatabase,
    private readonly bounds: Bounds,
  ) {
    this.cache = root.openDB({ name: 'cache' });
    this.expiry = root.openDB({ name: 'expiry' });
    this.meta = root.openDB({ name: 'meta' });
  }

  get(when: When, key: string): string | null {
    const found = fits(key) ? this.cache.get(key) : undefined;
    // A snapshot that stays open keeps every page of its time alive in the file.
    this.root.resetReadTxn();
    return found && found[0] > when.now() ? found[2] : null;
  }

  async put(when: When, key: string, value: string, ttlMs: number): Promise<null> {
    const bytes = cost(key, value);
    await write(this.root, when, () => {
      const size = this.size();
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

  bytes(): number {
    const { bytes } = this.size();
    this.root.resetReadTxn();
    return bytes;
  }

  async clearSome(
    when: When,
    filter: CacheFilter,
    dryRun: boolean,
    after: string | null,
  ): Promise<Step | null> {
    if (dryRun) return this.countSome(when, filter, after);
    return write(this.root, when, () => {
      const now = when.now();
      const size = this.size();
      const total = size.entries;
      const found = page(this.cache, ALL_CACHE, after);
      const { meant, expired } = sorted(found, filter, now);
      for (const { key, value } of [...meant, ...expired]) this.forget(key, value, size);
      if (size.entries < total) this.meta.put('cache', size);
      return { scanned: found.rows.length, matched: meant.length, total, next: found.next };
    });
  }

  countSome(when: When, filter: CacheFilter, after: string | null): CountedSome {
    const total = this.size().entries;
    const found = page(this.cache, ALL_CACHE, after);
    this.root.resetReadTxn();
    const { meant } = sorted(found, filter, when.now());
    const groups = new GroupTally();
    for (const { key } of meant) groups.addKey(key);
    const { rows, next } = found;
    return { scanned: rows.length, matched: meant.length, total, next, groups: groups.sorted() };
  }

  private size(): Size {
    return this.meta.get('cache') ?? { bytes: 0, entries: 0 };
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
}

/** An expired answer is nobody's any more: it goes with any clear, and counts in none. */
function sorted({ rows }: Page<Cached>, filter: CacheFilter, now: number) {
  const expired = rows.filter(({ value }) => value[0] <= now);
  const meant = rows.filter(
    ({ key, value }) => value[0] > now && matchesFilter(key, filter) && isOldEnough(value[2], filter, now),
  );
  return { meant, expired };
}

/** Room in the file: long values take whole pages of 4 KiB, and the key stands in two tables. */
function cost(key: string, value: string): number {
  const bytes = Buffer.byteLength(value);
  return (bytes > 1_900 ? Math.ceil((bytes + 16) / 4096) * 4096 : bytes) + 2 * Buffer.byteLength(key) + 64;
}
