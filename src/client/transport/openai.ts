import { BotllmError } from '../../errors.js';
import { MESSAGES } from '../messages.js';
import type { Transport, TransportReply, TransportRequest } from './contract.js';
import { readSse } from './sse.js';

/** Far more than any answer; a server that never stops talking is cut here. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** The same for a stream, whose tokens come in some hundred bytes of wrapping each. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;
/** Why a request was refused stands at the beginning. */
const MAX_REFUSAL_BYTES = 64 * 1024;
/** Our signals end requests; the SDK's own timer covers only the headers, and must never be first. */
const NEVER_MS = 2_147_483_647;

export interface OpenAiTransportOptions {
  /** The engine's root, without `/v1` and without a slash at its end. */
  root: string;
  apiKey: string | undefined;
}

/** How a status other than 200 gets past the SDK, which would read its body without a bound. */
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
      const response = (await undici.fetch(
        url as string,
        { ...init, headers, redirect: 'manual', dispatcher: agent } as unknown as Parameters<
          typeof undici.fetch
        >[1],
      )) as unknown as Response;
      if (response.status === 200) return response;
      throw new Refused(replyOf(response, await readBeginning(response)));
    },
  });

  const ask = (request: TransportRequest): Promise<Response> => {
    const { method, path, body, requestId, signal } = request;
    const send = method === 'GET' ? client.get : client.post;
    const options = { ...(body && { body }), signal, headers: { 'X-Request-Id': requestId } };
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
        return replyOf(response, await readText(response));
      } catch (error) {
        return refusal(error);
      }
    },
    async stream(request) {
      try {
        return events(await ask(request));
      } catch (error) {
        return refusal(error);
      }
    },
    close: () => agent.destroy(),
  };
}

function replyOf({ status, headers }: Response, text: string): TransportReply {
  return { status, header: (name) => headers.get(name), body: parse(text) ?? text };
}

async function* events(response: Response): AsyncGenerator<unknown, void, undefined> {
  let isOver = false;
  const limit = { bytes: MAX_STREAM_BYTES, exceeded: () => tooLarge(MAX_STREAM_BYTES) };
  for await (const data of readSse(chunksOf(response), limit)) {
    // What comes behind its end is read and dropped, so that the connection can be used again.
    isOver ||= data.startsWith('[DONE]');
    if (!isOver) yield parse(data) ?? null;
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of chunksOf(response)) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REPLY_BYTES) throw tooLarge(MAX_REPLY_BYTES);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function readBeginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunksOf(response)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_REFUSAL_BYTES) break;
  }
  return text;
}

function chunksOf({ body }: Response): AsyncIterable<Uint8Array> {
  return (body ?? new Blob([]).stream()) as AsyncIterable<Uint8Array>;
}

function tooLarge(bytes: number): BotllmError {
  return new BotllmError('INVALID_RESPONSE', MESSAGES.tooLarge(bytes));
}

/** The value of a JSON text; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
