import type { ErrorCode } from '../errors.js';
import type { Usage } from '../types.js';

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

/** Where a client counts its calls. */
export interface Metrics {
  record(call: CallRecord): void;
  /** The text for Prometheus (exposition format 0.0.4). */
  expose(): Promise<string>;
}
