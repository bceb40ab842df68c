import type { Ending } from '../cancel.js';

export interface TransportRequest {
  method: 'GET' | 'POST';
  /** Path below the engine's root, as `/v1/chat/completions`. */
  path: string;
  /** Sent as JSON. */
  body?: Readonly<Record<string, unknown>>;
  requestId: string;
  /** W3C trace context, where the caller has one. */
  traceparent?: string | undefined;
  /** Aborts the request and closes its socket, the body included. */
  readonly signal: AbortSignal;
  /** The same, for who can do without an AbortSignal, which costs a call more than all that hear it. */
  readonly ending?: Ending;
}

/** Any answer of HTTP, good or bad. */
export interface TransportReply {
  status: number;
  header(name: string): string | null;
  /** Parsed JSON, or the text where it is none. */
  body: unknown;
}

/**
 * How requests reach an engine. It waits for nothing but the signal: no timeout and no retry of its own, and
 * it judges nothing. Rejections mean that there was no answer of HTTP at all, or that it broke off.
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportReply>;
  /** The events of a streamed answer, parsed (`null`: no JSON); or a reply when the engine refused. */
  stream(request: TransportRequest): Promise<TransportReply | AsyncIterable<unknown>>;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** The engine's root, without `/v1` and without a slash at its end. */
  root: string;
  apiKey: string | undefined;
}
