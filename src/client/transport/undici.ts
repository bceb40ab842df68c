import type { Dispatcher } from 'undici';
import type { Transport, TransportOptions, TransportReply, TransportRequest } from './contract.js';
import { ACCEPTED, isPacked, parseJson, readBeginning, readEvents, readText } from './reading.js';

/**
 * HTTP and nothing else: undici below its fetch, which takes a call half a millisecond less than a fetch through
 * the `openai` package. Redirects are not followed: a prompt goes where it was sent and nowhere else. Loads undici.
 */
export async function createUndiciTransport({ root, apiKey }: TransportOptions): Promise<Transport> {
  const { Agent } = await import('undici');
  // Zero: silence is judged by our timers, not by undici's 300 s.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  const { origin, pathname } = new URL(root);

  const ask = ({ method, path, body, requestId, traceparent, signal }: TransportRequest) =>
    agent.request({
      origin,
      path: pathname === '/' ? path : `${pathname}${path}`,
      method,
      signal,
      body: body ? JSON.stringify(body) : null,
      headers: {
        ...ACCEPTED,
        'x-request-id': requestId,
        ...(traceparent !== undefined && { traceparent }),
        ...(body && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
    });

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

function isAnswer(response: Dispatcher.ResponseData): boolean {
  return response.statusCode === 200 && !isPacked(headerOf(response, 'content-encoding'));
}

async function refusal(response: Dispatcher.ResponseData): Promise<TransportReply> {
  if (isPacked(headerOf(response, 'content-encoding'))) {
    await response.body.dump();
    return replyOf(response, '');
  }
  return replyOf(response, await readBeginning(response.body));
}

function replyOf(response: Dispatcher.ResponseData, text: string): TransportReply {
  return {
    status: response.statusCode,
    header: (name) => headerOf(response, name),
    body: parseJson(text) ?? text,
  };
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
