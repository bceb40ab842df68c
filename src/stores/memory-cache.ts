export interface MemoryCacheBounds {
  maxEntries: number;
  /** Bytes of keys and values, as UTF-16. */
  maxBytes: number;
}

interface Entry {
  value: string;
  expiresAt: number;
  bytes: number;
}

/** Values with an end, bounded in number and bytes; the one unused for longest goes first. */
export class MemoryCache {
  bytes = 0;
  // A Map keeps the order of insertion: what is put in again on every use is last, so the first is the oldest.
  private readonly entries = new Map<string, Entry>();
  /** Before it nothing expires: a full cache is not looked through with every put. */
  private soonest = Number.POSITIVE_INFINITY;

  constructor(readonly bounds: MemoryCacheBounds) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string, now: number): string | null {
    const value = this.look(key, now);
    const entry = this.entries.get(key);
    this.entries.delete(key);
    if (entry && value !== null) this.entries.set(key, entry);
    else this.bytes -= entry?.bytes ?? 0;
    return value;
  }

  /** The value without its being a use. */
  look(key: string, now: number): string | null {
    const entry = this.entries.get(key);
    return entry && entry.expiresAt > now ? entry.value : null;
  }

  put(key: string, value: string, ttlMs: number, now: number): void {
    this.drop(key);
    const bytes = 2 * (key.length + value.length);
    if (ttlMs <= 0 || bytes > this.bounds.maxBytes) return;
    this.entries.set(key, { value, expiresAt: now + ttlMs, bytes });
    this.soonest = Math.min(this.soonest, now + ttlMs);
    this.bytes += bytes;
    this.makeRoom(now);
  }

  drop(key: string): void {
    this.bytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }

  dropExpired(now: number): void {
    if (now < this.soonest) return;
    this.soonest = Number.POSITIVE_INFINITY;
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt <= now) this.drop(key);
      else this.soonest = Math.min(this.soonest, expiresAt);
    }
  }

  keys(): string[] {
    return [...this.entries.keys()];
  }

  clear(): void {
    this.entries.clear();
    this.bytes = 0;
  }

  private makeRoom(now: number): void {
    if (this.fits()) return;
    this.dropExpired(now);
    for (const key of this.entries.keys()) {
      if (this.fits()) return;
      this.drop(key);
    }
  }

  private fits(): boolean {
    return this.entries.size <= this.bounds.maxEntries && this.bytes <= this.bounds.maxBytes;
  }
}
