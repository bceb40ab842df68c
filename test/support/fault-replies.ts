import { setTimeout as sleep } from 'node:timers/promises';
import { event, type Reply, startStream } from './fake-engine.js';

/** The beginning of a stream, then what the test wants. */
export function begun(then: Reply): Reply {
  return async (response, request) => {
    startStream(response);
    event(response, { choices: [{ delta: { content: 'Hel' } }] });
    await sleep(20);
    await then(response, request);
  };
}

/** A body that comes byte by byte. */
export function drip(text: string, gapMs: number): Reply {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (const byte of Buffer.from(text)) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await sleep(gapMs);
    }
    response.end();
  };
}

/** A body that goes on as long as somebody takes it. */
export function endless(status: number, piece = 'x'.repeat(1 << 20)): Reply {
  return async (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    await pour(response, piece);
  };
}

/** A stream's line that goes on as long as somebody takes it. */
export const endlessLine: Reply = (response) => pour(response, 'x'.repeat(1 << 20));

/** A stream of comments, as engines send them to keep a connection alive. */
export const pings: Reply = async (response) => {
  while (!response.destroyed) {
    response.write(': ping\n\n');
    await sleep(20);
  }
};

/** A stream of events that carry no content. */
export const emptyEvents: Reply = async (response) => {
  while (!response.destroyed) {
    event(response, { choices: [{ delta: {}, finish_reason: null }] });
    await sleep(20);
  }
};

/** A stream that goes on and on, piece by piece. */
export const chatter: Reply = async (response) => {
  startStream(response);
  while (!response.destroyed) {
    event(response, { choices: [{ delta: { content: 'la ' } }] });
    await sleep(20);
  }
};

/** Bytes that are no HTTP, and the end of the connection. */
export function notHttp(bytes: string): Reply {
  return (response) => {
    response.socket?.end(bytes);
  };
}

async function pour(response: Parameters<Reply>[0], piece: string): Promise<void> {
  while (!response.destroyed) {
    if (!response.write(piece)) await sleep(1);
  }
}
