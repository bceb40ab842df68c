import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as the engine got it. */
export interface SeenRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: ChatBody;
  /** The port that the client came from: one for each connection. */
  clientPort: number | undefined;
  /** The answer is out, or nobody is there any more to hear it. */
  closed: boolean;
  /** The connection ended before the answer was finished. */
  closedEarly: boolean;
}

export interface ChatBody {
  model?: string;
  messages?: { role: string; content: string }[];
  prompt?: string;
  stream?: boolean;
  logprobs?: boolean;
  top_logprobs?: number;
  max_tokens?: number;
  response_format?: { json_schema?: { schema?: { properties?: { intent?: { enum?: string[] } } } } };
  [field: string]: unknown;
}

/** Answers one request; anything that a server can do to a client can be done here. */
export type Reply = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

export interface FakeEngine {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests for an answer, in the order of their coming; questions about the engine are not among them. */
  readonly seen: SeenRequest[];
  /** Those of one call, by its request id. */
  of(requestId: string): SeenRequest[];
  /** Replies for the next requests, one each; after the last one the default again. */
  script(...replies: Reply[]): void;
  /** The reply when the script is over. */
  answerWith(reply: Reply): void;
  close(): Promise<void>;
}

export interface FakeEngineOptions {
  /** What /v1/models says; null: 404. */
  model?: string | null;
  /** `owned_by` of the model. */
  owner?: string;
  slots?: number;
  /** Tokens of one request, prompt and answer together; absent: it does not say. */
  context?: number;
  /** True: it never answers a question about itself. */
  shy?: boolean;
}

/** A scriptable engine over real sockets. */
export async function startFakeEngine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const { model = 'fake-model', owner = 'llamacpp', slots = 4, shy = false } = options;
  const seen: SeenRequest[] = [];
  let scripted: Reply[] = [];
  let usual: Reply = completion('{"intent":"help","entities":[]}');

  const about = (path: string): unknown => {
    if (path === '/v1/models' && model !== null)
      return { object: 'list', data: [{ id: model, owned_by: owner }] };
    if (path === '/props' && owner === 'llamacpp')
      return { total_slots: slots, default_generation_settings: { n_ctx: options.context } };
    if (path === '/health') return { status: 'ok' };
    return undefined;
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const text = await readAll(request);
    // Called off before it was all said.
    if (text === null) return;
    if (request.method === 'GET') {
      if (shy) return;
      const known = about(path);
      return json(response, known === undefined ? 404 : 200, known ?? { error: { message: 'not found' } });
    }
    const entry: SeenRequest = {
      path,
      headers: request.headers,
      body: JSON.parse(text) as ChatBody,
      clientPort: request.socket.remotePort,
      closed: false,
      closedEarly: false,
    };
    seen.push(entry);
    response.on('close', () => {
      entry.closed = true;
      entry.closedEarly = !response.writableFinished;
    });
    response.on('error', () => {});
    await (scripted.shift() ?? usual)(response, entry);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    of: (requestId) => seen.filter(({ headers }) => headers['x-request-id'] === requestId),
    script: (...replies) => {
      scripted = replies;
    },
    answerWith: (reply) => {
      usual = reply;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface CompletionShape {
  finish?: string | null;
  logprobs?: unknown;
  usage?: unknown;
  delayMs?: number;
}

/** A whole, well-formed answer. */
export function completion(text: string, shape: CompletionShape = {}): Reply {
  const usage = { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 80 } };
  return async (response, { path, body }) => {
    if (shape.delayMs) await sleep(shape.delayMs);
    const finish = shape.finish === undefined ? 'stop' : shape.finish;
    if (body.stream)
      return streamed([text], finish === null ? {} : { finish })(response, { path, body } as SeenRequest);
    const content = path.endsWith('/chat/completions')
      ? { message: { role: 'assistant', content: text } }
      : { text };
    json(response, 200, {
      id: 'fake',
      object: 'chat.completion',
      model: 'fake-model',
      choices: [{ index: 0, ...content, finish_reason: finish, logprobs: shape.logprobs ?? null }],
      usage: shape.usage === undefined ? usage : shape.usage,
    });
  };
}

/** A streamed answer: one event a piece, then the finish reason and `[DONE]`, unless left out. */
export function streamed(
  pieces: readonly string[],
  { finish, done = true, gapMs = 0 }: { finish?: string; done?: boolean; gapMs?: number } = {
    finish: 'stop',
  },
): Reply {
  return async (response) => {
    startStream(response);
    for (const content of pieces) {
      event(response, { choices: [{ index: 0, delta: { content }, finish_reason: null }] });
      if (gapMs) await sleep(gapMs);
    }
    if (finish) event(response, { choices: [{ index: 0, delta: {}, finish_reason: finish }] });
    if (finish)
      event(response, { choices: [], usage: { prompt_tokens: 10, completion_tokens: pieces.length } });
    if (done) response.write('data: [DONE]\n\n');
    response.end();
  };
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function event(response: ServerResponse, data: unknown): void {
  response.write(`data: ${JSON.stringify(data)}\n\n`);
}

/** A refusal in OpenAI's shape. */
export function refuse(
  status: number,
  error: unknown = { message: 'no', type: 'server_error' },
  headers: Record<string, string> = {},
): Reply {
  return (response) => json(response, status, { error }, headers);
}

/** Bytes as they are. */
export function raw(
  status: number,
  text: string | Buffer,
  contentType = 'application/json',
  headers: Record<string, string> = {},
): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': contentType, ...headers });
    response.end(text);
  };
}

/** Takes the request and never says a word. */
export const silent: Reply = () => {};

/** Sends the head and the beginning of a body, then nothing. */
export const stalledBody: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"choices":[');
};

/** Breaks the connection, before or in the middle of the answer. */
export function broken(beginning = ''): Reply {
  return async (response) => {
    if (beginning) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write(beginning);
      await sleep(20);
    }
    response.destroy();
  };
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string | null> {
  try {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    return text;
  } catch {
    return null;
  }
}
