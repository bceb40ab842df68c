import type { Transport, TransportOptions, TransportReply, TransportRequest } from './contract.js';
import { ACCEPTED, isPacked, parseJson, readBeginning, readEvents, readText } from './reading.js';

/** Our signals end requests; the SDK's own timer covers only the headers, and must never be first. */
const NEVER_MS = 2_147_483_647;

/** How what is no answer gets past the SDK, which would read its body without a bound. */
class Refused extends Error {
  constructor(readonly reply: TransportReply) {
    super('refused');
  }
}

/**
 * The `openai` package over undici: its retries, its log, its own timeout and its reading of streams (which has
 * no bound, and prints) are off, and of its headers only those that we mean go out. Redirects are not followed:
 * a prompt goes where it was sent and nowhere else. Loads both packages.
 */
export async function createOpenAiTransport({ root, apiKey }: TransportOptions): Promise<Transport> {
  const [sdk, undici] = await Promise.all([import('openai'), import('undici')]);
  // Zero: silence is judged by our timers, not by undici's 300 s.
  const agent = new undici.Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  const client = new sdk.OpenAI({
    // The SDK wants a key even where the server wants none; the header is written below.
    apiKey: 'unused',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: `${root}/v1`,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    fetch: async (url, init) => {
      const sent = new Headers(init?.headers);
      const traceparent = sent.get('traceparent');
      const headers: Record<string, string> = {
        ...ACCEPTED,
        'x-request-id': sent.get('x-request-id') ?? '',
        ...(traceparent !== null && { traceparent }),
        ...(init?.body != null && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      };
      // Two copies of the same fetch types: undici's own and Node's.
      const response = (await undici.fetch(
        url as string,
        { ...init, headers, redirect: 'manual', dispatcher: agent } as unknown as Parameters<
          typeof undici.fetch
        >[1],
      )) as unknown as Response;
      if (isPacked(response.headers.get('content-encoding'))) {
        await response.body?.cancel();
        throw new Refused(replyOf(response, ''));
      }
      if (response.status === 200) return response;
      throw new Refused(replyOf(response, await readBeginning(chunksOf(response))));
    },
  });

  const ask = (request: TransportRequest): Promise<Response> => {
    const { method, path, body, requestId, traceparent, signal } = request;
    const send = method === 'GET' ? client.get : client.post;
    const headers = { 'X-Request-Id': requestId, ...(traceparent !== undefined && { traceparent }) };
    const options = { ...(body && { body }), signal, headers };
    return send.call(client, `${root}${path}`, options).asResponse();
  };
  const refusal = (error: unknown): TransportReply => {
    if (error instanceof Error && error.cause instanceof Refused) return error.cause.reply;
    throw error;
  };

  return {
    async send(request) {
      try {
        const response = await ask(request);
        return replyOf(response, await readText(chunksOf(response)));
      } catch (error) {
        return refusal(error);
      }
    },
    async stream(request) {
      try {
        return readEvents(chunksOf(await ask(request)));
      } catch (error) {
        return refusal(error);
      }
    },
    close: () => agent.destroy(),
  };
}

function replyOf({ status, headers }: Response, text: string): TransportReply {
  return { status, header: (name) => headers.get(name), body: parseJson(text) ?? text };
}

function chunksOf({ body }: Response): AsyncIterable<Uint8Array> {
  return (body ?? new Blob([]).stream()) as AsyncIterable<Uint8Array>;
}
