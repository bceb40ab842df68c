import type { ErrorCode } from '../errors.js';
import type { Priority, Usage } from '../types.js';

export type RequestType = 'chat_completion' | 'completion';

/** One finished call, as the metrics count it. */
export interface CallRecord {
  type: RequestType;
  model: string;
  latencyMs: number;
  cached: boolean;
  /** Absent: the call succeeded. A fallback carries its error and counts as failed. */
  error?: ErrorCode;
  usage?: Usage;
}

/** What a guard asks of its store. */
export type StoreOperation =
  | 'enter'
  | 'cacheGet'
  | 'cachePut'
  | 'take'
  | 'peek'
  | 'refund'
  | 'lease'
  | 'release';

/** Where a client counts its calls, and what happens to its guards. */
export interface Metrics {
  record(call: CallRecord): void;
  /** Calls that have a place at the engine became more or less by one. */
  inFlight(change: 1 | -1): void;
  /** Calls that wait for one. */
  queued(priority: Priority, change: 1 | -1): void;
  /** A call got its place after so many milliseconds; 0 when one was free. */
  waited(priority: Priority, ms: number): void;
  /** The store failed at an operation. */
  storeFailed(operation: StoreOperation): void;
  /** The store was full, and an answer was not kept. */
  writeSkipped(): void;
  /** The limiter decided in this process's memory, because the store was away. */
  decidedLocally(): void;
  /** The text for Prometheus (exposition format 0.0.4). */
  expose(): Promise<string>;
}
