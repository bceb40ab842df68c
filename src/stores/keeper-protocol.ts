import type { CacheFilter, CacheGroup, Entered, Entry, LimitDecision, UserCalls } from './contract.js';
import type { Step } from './walk.js';

/**
 * What the keeper process does for its parent; each is one transaction. The `…Some` take a bounded number of keys
 * from `after` on, so that no call and no lock is held for long.
 */
export interface KeeperOps {
  enter(entry: Entry): Entered;
  cacheGet(key: string): string | null;
  cachePut(key: string, value: string, ttlMs: number): null;
  take(key: string, limit: number, windowMs: number): LimitDecision;
  peek(key: string, limit: number, windowMs: number): LimitDecision;
  refund(key: string, stamp: number): null;
  reset(key: string): boolean;
  lease(key: string, token: string, ttlMs: number): boolean;
  release(key: string, token: string): null;
  clearSome(filter: CacheFilter, dryRun: boolean, after: string | null): Step;
  countSome(filter: CacheFilter, after: string | null): CountedSome;
  /** Bytes that answers take, as they lie in the file. */
  cacheBytes(): number;
  usersSome(windowMs: number, top: number, after: string | null): UsersSome;
  resetSome(after: string | null): Step;
}
export type KeeperOp = keyof KeeperOps;

export interface CountedSome extends Step {
  groups: CacheGroup[];
}

export interface UsersSome extends Step {
  /** The busiest among the `matched` users of this step. */
  top: UserCalls[];
}

export interface KeeperRequest {
  id: number;
  op: KeeperOp;
  args: unknown[];
  /** The caller's clock where it was injected; else the keeper's own, read when the transaction has begun. */
  now: number | null;
  /** On the machine's monotonic clock: later than this nobody waits for the answer, and nothing is written. */
  lateAt: number;
}

export type KeeperMessage =
  /** The process runs and begins to open; `ino` is the file it will open, if there is one. */
  | { type: 'up'; ino: number | null }
  | { type: 'ready' }
  | { type: 'failed'; reason: 'no-binary' | 'open'; detail: string }
  | { type: 'reply'; id: number; value: unknown }
  | { type: 'error'; id: number; detail: string };

export interface KeeperSettings {
  folder: string;
  maxBytes: number;
  maxEntries: number;
  /** The file on which an earlier keeper crashed: to be moved aside if it is still there. */
  suspect: number | null;
}

/** Milliseconds of the clock that all processes of a machine share and that never steps. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
