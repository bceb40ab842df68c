import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface DrainLimits {
  /** Bytes that are thrown away after the reply before the connection is cut. */
  bytes: number;
  /** Milliseconds that this may take. */
  ms: number;
}

const DEFAULT_LIMITS: DrainLimits = { bytes: 256 * 1024 * 1024, ms: 30_000 };

/**
 * A reply that comes before the whole body was read (413, 403, 404, 503) is lost when the socket is closed
 * under a client that is still sending: it sees ECONNRESET, not the answer. So the rest of the body is read
 * and thrown away, up to a bound, on every connection of this server.
 */
export function drainAfterReply(server: Server, limits: DrainLimits = DEFAULT_LIMITS): void {
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.once('finish', () => {
      if (!incoming.complete && !incoming.destroyed) drain(incoming, limits);
    });
  });
}

const LOOK_MS = 50;

function drain(incoming: IncomingMessage, limits: DrainLimits): void {
  const { socket } = incoming;
  const from = socket.bytesRead;
  const until = Date.now() + limits.ms;
  // Bytes are counted on the socket: node throws a body that nobody read away before any listener sees it.
  const timer = setInterval(() => {
    if (incoming.complete || socket.destroyed) clearInterval(timer);
    else if (socket.bytesRead - from > limits.bytes || Date.now() > until) socket.destroy();
  }, LOOK_MS);
  timer.unref();
  incoming.resume();
}
