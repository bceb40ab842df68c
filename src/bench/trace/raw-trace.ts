/**
 * One request as bytes and moments, before anybody judged it. All moments are milliseconds of one monotonic clock;
 * what did not happen is absent.
 */
export interface RawTrace {
  /** When it was meant to go out; with a closed loop the same as `sentAt`. */
  scheduledAt: number;
  /** The request's body was handed to the socket. */
  sentAt: number;
  /** The answer's status line and headers had come. */
  headAt?: number | undefined;
  status?: number | undefined;
  /** Seconds of `Retry-After`; noted, never obeyed: a benchmark does not retry. */
  retryAfterS?: number | undefined;
  /** What was read from the body, each with the moment at which reading it began. */
  pieces: readonly Piece[];
  /** How the exchange ended. */
  end: { at: number; how: TransportEnd };
}

export interface Piece {
  at: number;
  bytes: Uint8Array;
}

/** `timeout`: we gave up; `refused`: no connection; `reset`: it broke off; `stopped`: the run was over. */
export type TransportEnd = 'complete' | 'timeout' | 'refused' | 'reset' | 'stopped';
