import type { IncomingHttpHeaders } from 'node:http';

/** One request, as a route sees it. */
export interface Ask {
  headers: IncomingHttpHeaders;
  requestId: string;
  /** Aborts when the client went away before it had its whole answer. */
  gone: AbortSignal;
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

export function json(body: unknown, headers?: Record<string, string>): Reply {
  return { status: 200, body: JSON.stringify(body), ...(headers && { headers }) };
}
