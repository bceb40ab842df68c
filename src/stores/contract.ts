/** What one limiter decision says. Times are milliseconds. */
export interface LimitDecision {
  allowed: boolean;
  /** Calls that are left in the window after this decision. */
  remaining: number;
  /** 0 when allowed; else the wait after which the same call is accepted. */
  retryAfterMs: number;
  /** Until the window is empty again. */
  resetMs: number;
  /** Identifies an accepted call for `refund`; null when refused. */
  stamp: number | null;
}

/** Which cached answers an admin command means; an absent field means all. */
export interface CacheFilter {
  scope?: string;
  task?: string;
  model?: string;
}

/**
 * The state that guards share between processes: cached answers and limiter logs.
 * Every method settles within the store's own bound (100 ms by default) or rejects with
 * `STORE_UNAVAILABLE`; no caller waits for a dead store.
 */
export interface Store {
  readonly kind: 'redis' | 'embedded' | 'memory';
  /** Where the data lies, as admin commands print it (a folder, or host and database). */
  readonly location: string;
  /** The value, or null when it is absent or expired. */
  cacheGet(key: string): Promise<string | null>;
  /** Stores a value that is gone after `ttlMs`. */
  cachePut(key: string, value: string, ttlMs: number): Promise<void>;
  /** Removes cached answers and nothing else. @returns how many went */
  clearCache(filter: CacheFilter): Promise<number>;
  /** Takes one of `limit` calls per rolling `windowMs`, exactly: a sliding log of accepted calls. */
  take(key: string, limit: number, windowMs: number): Promise<LimitDecision>;
  /** Like `take`, without taking. */
  peek(key: string, limit: number, windowMs: number): Promise<LimitDecision>;
  /** Gives back the call that `take` accepted under this stamp. */
  refund(key: string, stamp: number): Promise<void>;
  /** Forgets a user's accepted calls. @returns whether there were any */
  reset(key: string): Promise<boolean>;
  close(): Promise<void>;
}
