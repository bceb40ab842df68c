import type { IncomingHttpHeaders } from 'node:http';
import type { CancelScope } from '../client/cancel.js';

/** One request, as a route sees it. */
export interface Ask {
  /** Without its query. */
  path: string;
  headers: IncomingHttpHeaders;
  requestId: string;
  /** Aborts when the client went away before it had its whole answer, or when the gateway can wait no longer. */
  gone: CancelScope;
  /** Headers of whatever is answered, a refusal too. */
  carried: Record<string, string>;
  /** The body as JSON. @throws WireError */
  body(): Promise<unknown>;
}

/** An answer that is there as a whole. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** An answer that comes in pieces; what fails before its first piece is a refusal with a status of its own. */
export interface StreamReply {
  headers: Record<string, string>;
  /** Must not reject: it tells a failure as an event of its own. */
  produce(writer: EventWriter): Promise<void>;
}

/** Sends server-sent events to one client. Writing after the client went away does nothing. */
export interface EventWriter {
  send(data: unknown): void;
  /** The literal `[DONE]` that ends a stream of OpenAI's shape. */
  done(): void;
}

export type Route = (ask: Ask) => Promise<Reply | StreamReply>;

const JSON_TYPE = { 'content-type': 'application/json' };

export function json(body: unknown, headers?: Record<string, string>, status = 200): Reply {
  return { status, body: JSON.stringify(body), headers: headers ? { ...JSON_TYPE, ...headers } : JSON_TYPE };
}
