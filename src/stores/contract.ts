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

/** Which cached answers an admin command means; an absent field means all. With none: every `llm:cache:*` key. */
export interface CacheFilter {
  scope?: string;
  task?: string;
  /** Or any of these: one model may be known by several names. */
  model?: string | readonly string[];
  /** Answers that were stored at least this long ago. A value whose creation time cannot be read is old. */
  olderThanMs?: number;
}

/** How far an admin command has come. `total` is what the store holds, where it can say so cheaply. */
export interface AdminProgress {
  scanned: number;
  /** Keys that the filter means, and in a clear that is no dry run: that are gone. */
  matched: number;
  total: number | null;
}

export interface AdminOptions {
  /** Ends the work between two steps: what was done stays done and is what the result tells. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: AdminProgress) => void) | undefined;
}

export interface ClearOptions extends AdminOptions {
  /** Counts only. */
  dryRun?: boolean | undefined;
}

/** What a clear or a reset did. */
export interface Cleared {
  /** Keys that went (in a dry run: that would go). */
  removed: number;
  /** False when the signal ended it early. */
  complete: boolean;
}

/** Cached answers of one scope, task and model. */
export interface CacheGroup {
  scope: string;
  task: string;
  model: string;
  entries: number;
}

export interface CacheStats {
  entries: number;
  /** The largest groups first. Keys of another version than ours are counted in `entries` alone. */
  groups: CacheGroup[];
  /** Memory or disk that the whole store uses, where it can say so. */
  usedBytes: number | null;
  /** What it may use; null: not bounded. */
  maxBytes: number | null;
  /** False when the signal ended the count early. */
  complete: boolean;
}

/** A user's calls in the window that ends now. */
export interface UserCalls {
  scope: string;
  /** The user as the key has him: his id, or `h:` and its hash. */
  user: string;
  calls: number;
  /** Milliseconds since the newest of them. */
  newestAgeMs: number;
}

export interface UsersFound {
  /** Users with at least one call in the window. */
  users: number;
  /** Those with the most calls, at most `top`. */
  top: UserCalls[];
  complete: boolean;
}

/** What a call of a bot asks before the engine is asked. */
export interface Entry {
  cacheKey: string;
  /** As `take` has them; null: the call is not limited. */
  limit: { key: string; calls: number; windowMs: number } | null;
  /** As `lease` has them; null: no lease is wanted. */
  lease: { key: string; token: string; ttlMs: number } | null;
}

/** What the store said to an `Entry`. */
export interface Entered {
  /** The kept answer, as `cacheGet` gives it: nothing else was done then. */
  value: string | null;
  decision: LimitDecision | null;
  leased: boolean;
}

/** What every call of a bot needs. */
export interface GuardStore {
  /**
   * `cacheGet`, where that has nothing `take`, and where that accepts `lease`: all in one trip. A store that has no
   * such trip leaves it out, or gives null at times; then each is asked for by itself.
   */
  enter?(entry: Entry): Promise<Entered | null>;
  /** The value, or null when it is absent or expired. */
  cacheGet(key: string): Promise<string | null>;
  /** Stores a value that is gone after `ttlMs`. */
  cachePut(key: string, value: string, ttlMs: number): Promise<void>;
  /** Takes one of `limit` calls per rolling `windowMs`, exactly: a sliding log of accepted calls. */
  take(key: string, limit: number, windowMs: number): Promise<LimitDecision>;
  /** Like `take`, without taking. */
  peek(key: string, limit: number, windowMs: number): Promise<LimitDecision>;
  /** Gives back the call that `take` accepted under this stamp. */
  refund(key: string, stamp: number): Promise<void>;
  /**
   * Claims a key for `ttlMs` under a token of the caller's: how processes agree on who asks the engine.
   * @returns whether the claim is the caller's now (also when it was his already, which renews it)
   */
  lease(key: string, token: string, ttlMs: number): Promise<boolean>;
  /** Lets go of a claim that is still the caller's. */
  release(key: string, token: string): Promise<void>;
}

/** What an administrator needs. These take as long as the store is large, and end early by their signal. */
export interface StoreAdmin {
  /** Removes cached answers and nothing else. */
  clearCache(filter: CacheFilter, options?: ClearOptions): Promise<Cleared>;
  cacheStats(filter: CacheFilter, options?: AdminOptions): Promise<CacheStats>;
  /** Users with calls in the last `windowMs`. Reads only. */
  users(windowMs: number, top: number, options?: AdminOptions): Promise<UsersFound>;
  /** Forgets a user's accepted calls. @returns whether there were any */
  reset(key: string): Promise<boolean>;
  /** Forgets the accepted calls of all users, in all scopes and versions. */
  resetAll(options?: AdminOptions): Promise<Cleared>;
}

/**
 * The state that guards share between processes: cached answers and limiter logs.
 * Every method of a guard settles within the store's own bound (100 ms by default) or rejects with
 * `STORE_UNAVAILABLE`; no caller waits for a dead store. An admin method's every step is bounded (1 s).
 */
export interface Store extends GuardStore, StoreAdmin {
  readonly kind: 'redis' | 'embedded' | 'memory';
  /** Where the data lies, as admin commands print it (a folder, or host and database; no password). */
  readonly location: string;
  close(): Promise<void>;
}
