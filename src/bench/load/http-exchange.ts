import { type Agent, type ClientRequest, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Piece, RawTrace, TransportEnd } from '../trace/raw-trace.js';

export interface Exchange {
  url: URL;
  agent: Agent;
  headers: Readonly<Record<string, string>>;
  body: string;
  scheduledAt: number;
  timeoutMs: number;
  /** The run is over. */
  signal: AbortSignal;
  now: () => number;
}

/**
 * One request over `node:http`, recorded: below fetch and every SDK, which add 1 to 5 ms to the first token. A
 * moment is taken as the first thing when a piece is read; nothing is decoded before the answer is whole, so that
 * understanding one stream never makes another late. Never rejects, retries nothing that the server answered.
 */
export function exchange(ask: Exchange): Promise<RawTrace> {
  const { url, agent, headers, body, scheduledAt, timeoutMs, signal, now } = ask;
  const send = url.protocol === 'https:' ? secureRequest : request;
  return new Promise((resolve) => {
    const pieces: Piece[] = [];
    const seen: { headAt?: number; status?: number; retryAfterS?: number } = {};
    let sentAt = now();
    let isOver = false;
    let current: ClientRequest | undefined;

    const settle = (how: TransportEnd) => {
      if (isOver) return;
      const at = now();
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (how !== 'complete') current?.destroy();
      resolve({ scheduledAt, sentAt, ...seen, pieces, end: { at, how } });
    };
    const stop = () => settle('stopped');
    const timer = setTimeout(() => settle('timeout'), timeoutMs);
    signal.addEventListener('abort', stop, { once: true });

    const begin = (mayTryAgain: boolean) => {
      const one = send(url, { method: 'POST', agent, headers });
      current = one;
      one.on('response', (response) => {
        seen.headAt = now();
        seen.status = response.statusCode ?? 0;
        const retryAfter = Number(response.headers['retry-after']);
        if (retryAfter > 0) seen.retryAfterS = retryAfter;
        response.on('data', (bytes: Buffer) => {
          const at = now();
          pieces.push({ at, bytes });
        });
        response.on('end', () => settle(response.complete ? 'complete' : 'reset'));
        response.on('error', () => settle('reset'));
      });
      one.on('error', () => {
        // A kept connection that the server had closed meanwhile carried nothing: the request was never there.
        if (mayTryAgain && one.reusedSocket && seen.headAt === undefined && !isOver) return begin(false);
        settle(one.socket?.connecting === false && one.socket.bytesWritten > 0 ? 'reset' : 'refused');
      });
      // The definition of TTFT begins when the body is written; until then, the time is ours.
      one.on('finish', () => {
        sentAt = now();
      });
      sentAt = now();
      one.end(body);
    };
    if (signal.aborted) stop();
    else begin(true);
  });
}
