import type { Dispatcher } from 'undici';
import { type Ending, onEnd } from '../cancel.js';
import { Chunks } from './chunks.js';
import type { Transport, TransportOptions, TransportReply, TransportRequest } from './contract.js';
import { ACCEPTED, isPacked, parseJson, readBeginning, readEvents, readText } from './reading.js';

/** A reply whose head has come. */
interface Response {
  status: number;
  header(name: string): string | null;
  body: Chunks;
}

/**
 * HTTP and nothing else: undici below its streams, each of which takes a call as long as the rest of its way out and
 * back. Redirects are not followed: a prompt goes where it was sent and nowhere else. Loads undici.
 */
export async function createUndiciTransport({ root, apiKey }: TransportOptions): Promise<Transport> {
  const { Agent } = await import('undici');
  // Zero: silence is judged by our timers, not by undici's 300 s.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  const { origin, pathname } = new URL(root);

  const ask = (request: TransportRequest) => {
    const { method, path, body, requestId, traceparent } = request;
    const headers: Record<string, string> = { 'x-request-id': requestId };
    if (traceparent !== undefined) headers.traceparent = traceparent;
    if (body) headers['content-type'] = 'application/json';
    if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
    const options: Dispatcher.DispatchOptions = {
      origin,
      path: pathname === '/' ? path : `${pathname}${path}`,
      method,
      body: body ? JSON.stringify(body) : null,
      headers: Object.assign(headers, ACCEPTED),
    };
    return respond(agent, options, request.ending ?? request.signal);
  };

  return {
    async send(request) {
      const response = await ask(request);
      return isAnswer(response) ? replyOf(response, await readText(response.body)) : refusal(response);
    },
    async stream(request) {
      const response = await ask(request);
      return isAnswer(response) ? readEvents(response.body) : refusal(response);
    },
    close: () => agent.destroy(),
  };
}

/** Sends a request, whose end takes the connection with it for as long as there is something to come. */
function respond(agent: Dispatcher, options: Dispatcher.DispatchOptions, ending: Ending): Promise<Response> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let body: Chunks | undefined;
    let reason: unknown;
    const leave = onEnd(ending, (given) => {
      reason = given;
      controller?.abort(given as Error);
    });
    agent.dispatch(options, {
      onRequestStart(started) {
        controller = started;
        if (ending.aborted) started.abort(reason as Error);
      },
      onResponseStart(started, status, headers) {
        // What comes before the answer says that it will come.
        if (status < 200) return;
        body = new Chunks(started);
        const header = (name: string) => {
          const value = headers[name.toLowerCase()];
          return (Array.isArray(value) ? value[0] : value) ?? null;
        };
        resolve({ status, header, body });
      },
      onResponseData: (_, chunk) => body?.add(chunk),
      onResponseEnd() {
        leave();
        body?.end();
      },
      onResponseError(_, error) {
        leave();
        body?.end(error);
        reject(error);
      },
    });
  });
}

function isAnswer({ status, header }: Response): boolean {
  return status === 200 && !isPacked(header('content-encoding'));
}

async function refusal(response: Response): Promise<TransportReply> {
  const text = await readBeginning(response.body);
  return replyOf(response, isPacked(response.header('content-encoding')) ? '' : text);
}

function replyOf({ status, header }: Response, text: string): TransportReply {
  return { status, header, body: parseJson(text) ?? text };
}
