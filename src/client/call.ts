import type { RequestType } from '../observability/metrics.js';
import type { Priority } from '../types.js';
import type { QuotaState } from './quota.js';
import type { EngineRequest } from './requests.js';
import type { Patience } from './single-flight.js';

/** One call on its way through the pipeline. */
export interface Call {
  readonly requestId: string;
  readonly type: RequestType;
  readonly task: string;
  readonly promptVersion: number;
  /** The bot or tenant. */
  readonly scope: string;
  readonly traceparent: string | undefined;
  readonly onQuota: ((state: QuotaState) => void) | undefined;
  readonly userId: string | undefined;
  readonly priority: Priority;
  /** Takes from the user's quota. */
  readonly limited: boolean;
  readonly cacheable: boolean;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly deadlineMs: number;
  /** Ends with the caller's signal, the deadline or the client. */
  readonly patience: Patience;
  request: EngineRequest;
  /** The configured, else the served name; known once the pipeline asked for it. */
  model: string;
  /** Requests that this call sent to the engine. */
  attempts: number;
  /** How the user appears in events, once the call was told of. */
  userHash?: string;
}
