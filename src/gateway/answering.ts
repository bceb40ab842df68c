import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelScope } from '../client/cancel.js';
import { readJsonBody } from '../openai-http/body.js';
import { requestIdOf } from '../openai-http/request-id.js';
import type { Ask, EventWriter, Reply, StreamReply } from './exchange.js';
import { asRefused, type OnUnexpected, refusal, stopping } from './refusal.js';
import type { Routes } from './routes.js';

export interface AnsweringDeps {
  find: Routes['find'];
  /** Refuses who may not ask at all. @throws WireError */
  checkCaller: (headers: Ask['headers'], open: boolean) => void;
  isStopping: () => boolean;
  bodyLimitBytes: number;
  onUnexpected: OnUnexpected;
}

/** A comment line this often keeps proxies from closing a stream whose engine thinks. */
const KEEP_ALIVE_MS = 15_000;

/** Answers one request of HTTP; never rejects. Cancelling the scope ends it early. */
export async function answer(
  { find, checkCaller, isStopping, bodyLimitBytes, onUnexpected }: AnsweringDeps,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  control: CancelScope,
): Promise<void> {
  const { headers, method = 'GET', url = '/' } = incoming;
  const requestId = requestIdOf(header(headers['x-request-id']));
  const query = url.indexOf('?');
  const ask: Ask = {
    path: query < 0 ? url : url.slice(0, query),
    headers,
    requestId,
    gone: control,
    carried: { 'x-request-id': requestId },
    body: () => readJsonBody(incoming, bodyLimitBytes),
  };
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) control.cancel(undefined);
  });
  let reply: Reply | StreamReply;
  try {
    const { route, open } = find(method, ask.path);
    checkCaller(headers, open);
    if (!open && isStopping()) throw stopping();
    reply = await route(ask);
  } catch (thrown) {
    reply = refusal(asRefused(thrown, ask, onUnexpected));
  }
  if (isStopping()) ask.carried.connection = 'close';
  if ('produce' in reply) await stream(outgoing, ask.carried, reply);
  else send(outgoing, ask.carried, reply);
}

function send(
  outgoing: ServerResponse,
  carried: Record<string, string>,
  { status, headers, body }: Reply,
): void {
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  outgoing.writeHead(status, Object.assign({}, headers, carried, length));
  outgoing.end(body);
}

/** A client that reads slowly must not hold the engine's slot: an answer is never larger than the context. */
async function stream(
  outgoing: ServerResponse,
  carried: Record<string, string>,
  { headers, produce }: StreamReply,
): Promise<void> {
  outgoing.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    // A proxy that gathers what it passes on makes a stream pointless.
    'x-accel-buffering': 'no',
    ...headers,
    ...carried,
  });
  let isFirst = true;
  const write = (text: string) => {
    if (!outgoing.writable) return;
    outgoing.write(text);
    // Node gathers what is written in one turn; the first piece does not wait for what came together with it.
    if (isFirst) outgoing.socket?.uncork();
    isFirst = false;
  };
  const writer: EventWriter = {
    send: (data) => write(`data: ${JSON.stringify(data)}\n\n`),
    done: () => write('data: [DONE]\n\n'),
  };
  // Its first piece is there, and goes out before a timer is set.
  const produced = produce(writer);
  const keepAlive = setInterval(() => write(': waiting\n\n'), KEEP_ALIVE_MS);
  try {
    await produced;
  } finally {
    clearInterval(keepAlive);
    outgoing.end();
  }
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
