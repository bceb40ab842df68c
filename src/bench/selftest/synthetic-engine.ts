import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createPunctual } from './punctual.js';
import { eventOffsets, type Script, type ServedRecord } from './script.js';

export interface SyntheticEngine {
  server: Server;
  /** What was served so far, in the order in which it ended. */
  records: ServedRecord[];
}

/** The name under which the synthetic engine serves. */
export const SYNTHETIC_MODEL = 'synthetic';
const WORD = 'word ';

/**
 * An engine without a model that keeps an absolute schedule: token i of a request is due at
 * `received + ttft + i × itl`, whatever was late before. It answers like llama-server, a bare role first.
 */
export function createSyntheticEngine(script: Script, now: () => number): SyntheticEngine {
  const punctual = createPunctual(now);
  const records: ServedRecord[] = [];
  const waiting: ((at: number) => void)[] = [];
  let busy = 0;

  /** A slot that becomes free at a moment is taken at that very moment, not when somebody noticed. */
  const leave = (at: number) => {
    const next = waiting.shift();
    if (next) next(at);
    else busy -= 1;
  };
  const enter = (receivedAt: number, serve: (at: number) => void) => {
    if (script.slots !== undefined && busy >= script.slots) waiting.push(serve);
    else {
      busy += 1;
      serve(receivedAt);
    }
  };

  const answer = (request: IncomingMessage, response: ServerResponse, receivedAt: number) => {
    const requestId = String(request.headers['x-request-id'] ?? '');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(chunk({ role: 'assistant', content: null }));
    enter(receivedAt, (startedAt) => {
      const events = eventOffsets(script);
      const record = {
        requestId,
        receivedAt,
        firstDueAt: startedAt + script.ttftMs,
        firstSentAt: 0,
        lastSentAt: 0,
      };
      events.forEach(({ atMs, tokens }, i) => {
        punctual.at(startedAt + atMs, () => {
          response.write(chunk({ content: WORD.repeat(tokens) }));
          record.lastSentAt = now();
          if (i === 0) record.firstSentAt = record.lastSentAt;
          if (i < events.length - 1) return;
          response.end(ending(script.tokens));
          records.push(record);
          leave(startedAt + atMs);
        });
      });
    });
  };

  /** Other tools warm up without a stream; it is no measured request, and waits for no slot. */
  const answerWhole = (response: ServerResponse, receivedAt: number) => {
    punctual.at(receivedAt + script.ttftMs + (script.tokens - 1) * script.itlMs, () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(wholeReply(script.tokens));
    });
  };

  const server = createServer((request, response) => {
    if (request.method === 'GET') return describe(request, response);
    let isStream = false;
    request.on('data', (bytes: Buffer) => {
      isStream ||= /"stream":\s*true/.test(bytes.toString('latin1'));
    });
    request.once('end', () => {
      if (isStream) answer(request, response, now());
      else answerWhole(response, now());
    });
  });
  server.keepAliveTimeout = 60_000;
  return { server, records };
}

function chunk(delta: object): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: SYNTHETIC_MODEL, choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
}

function wholeReply(tokens: number): string {
  const message = { role: 'assistant', content: WORD.repeat(tokens) };
  const choices = [{ index: 0, message, finish_reason: 'length' }];
  return JSON.stringify({
    id: 'c',
    object: 'chat.completion',
    model: SYNTHETIC_MODEL,
    choices,
    usage: usageOf(tokens),
  });
}

function usageOf(tokens: number): Record<string, number> {
  return { prompt_tokens: 128, completion_tokens: tokens, total_tokens: 128 + tokens };
}

function ending(tokens: number): string {
  const usage = usageOf(tokens);
  const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] };
  return `data: ${JSON.stringify(finish)}\n\ndata: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`;
}

function describe({ url }: IncomingMessage, response: ServerResponse): void {
  const known = url === '/v1/models' || url === '/health';
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
  const models = { object: 'list', data: [{ id: SYNTHETIC_MODEL, object: 'model', owned_by: 'botllm' }] };
  response.end(JSON.stringify(url === '/health' ? { status: 'ok' } : models));
}
