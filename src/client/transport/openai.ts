import { BotllmError } from '../../errors.js';
import { MESSAGES } from '../messages.js';
import type { Transport, TransportReply, TransportRequest } from './contract.js';

/** Far more than any answer; a server that never stops talking is cut here. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** Our signals end requests; the SDK's own timer covers only the headers, and must never be first. */
const NEVER_MS = 2_147_483_647;

export interface OpenAiTransportOptions {
  /** The engine's root, without `/v1` and without a slash at its end. */
  root: string;
  apiKey: string | undefined;
}

/**
 * The `openai` package over undici: its retries, its log and its own timeout are off, and of its headers only
 * those that we mean go out. Loads both packages.
 */
export async function createOpenAiTransport({ root, apiKey }: OpenAiTransportOptions): Promise<Transport> {
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
      const headers: Record<string, string> = {
        accept: 'application/json, text/event-stream',
        'x-request-id': sent.get('x-request-id') ?? '',
        ...(init?.body != null && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      };
      // Two copies of the same fetch types: undici's own and Node's.
      const response = await undici.fetch(
        url as string,
        { ...init, headers, dispatcher: agent } as unknown as Parameters<typeof undici.fetch>[1],
      );
      return response as unknown as Response;
    },
  });

  const options = ({ body, requestId, signal }: TransportRequest) => ({
    ...(body && { body }),
    signal,
    headers: { 'X-Request-Id': requestId },
  });
  const refusal = (error: unknown): TransportReply => {
    if (!(error instanceof sdk.APIError) || typeof error.status !== 'number') throw error;
    const { status } = error;
    const headers = error.headers as Headers | undefined;
    return {
      status,
      header: (name) => headers?.get(name) ?? null,
      body: { error: error.error ?? error.message },
    };
  };

  /** The SDK throws what a server said inside a stream; here it is an event like the others. */
  const events = async function* (stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    try {
      yield* stream;
    } catch (error) {
      if (error instanceof SyntaxError) yield null;
      else if (error instanceof sdk.APIError && error.error !== undefined) yield { error: error.error };
      else throw error;
    }
  };

  return {
    async send(request) {
      const { method, path } = request;
      try {
        const call = method === 'GET' ? client.get : client.post;
        const response = await call.call(client, `${root}${path}`, options(request)).asResponse();
        const text = await readText(response);
        return { status: response.status, header: (name) => response.headers.get(name), body: parse(text) };
      } catch (error) {
        return refusal(error);
      }
    },
    async stream(request) {
      try {
        const call = client.post(`${root}${request.path}`, { ...options(request), stream: true });
        return events((await call) as AsyncIterable<unknown>);
      } catch (error) {
        return refusal(error);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > MAX_REPLY_BYTES)
      throw new BotllmError('INVALID_RESPONSE', MESSAGES.tooLarge(MAX_REPLY_BYTES));
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
