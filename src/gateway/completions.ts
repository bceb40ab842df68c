import type { LlmClient } from '../client/client.js';
import type { LlmStream } from '../client/streaming.js';
import { parseRequest } from '../openai-http/request-schemas.js';
import type { AnswerSource, CompletionResult } from '../types.js';
import { callerOf } from './caller.js';
import { type Ask, json, type Reply, type Route, type StreamReply } from './exchange.js';
import { asRefused, errorBody, type OnUnexpected } from './refusal.js';
import { chatShape, type ReplyShape, textShape } from './reply-shapes.js';
import { GatewayChatRequest, GatewayCompletionRequest, toChat, toPrompt } from './requests.js';

export interface CompletionDeps {
  llm: LlmClient;
  /** Milliseconds since the epoch. */
  now: () => number;
  onUnexpected: OnUnexpected;
}

/** `POST /v1/chat/completions`, plain and streamed. The model's name is not looked at: there is one engine. */
export function chatCompletions(deps: CompletionDeps): Route {
  const { llm, now } = deps;
  return async (ask) => {
    const request = parseRequest(GatewayChatRequest, await ask.body());
    const options = callerOf(ask, request.user);
    const shape = chatShape(ask.requestId, Math.floor(now() / 1000));
    const question = toChat(request);
    if (request.stream !== true) return plain(shape, await llm.chat(question, options));
    return streamed(deps, ask, { shape, withUsage: wantsUsage(request) }, llm.stream(question, options));
  };
}

/** `POST /v1/completions`, plain and streamed. */
export function completions(deps: CompletionDeps): Route {
  const { llm, now } = deps;
  return async (ask) => {
    const request = parseRequest(GatewayCompletionRequest, await ask.body());
    const options = callerOf(ask, request.user);
    const shape = textShape(ask.requestId, Math.floor(now() / 1000));
    const question = toPrompt(request);
    if (request.stream !== true) return plain(shape, await llm.completePrompt(question, options));
    return streamed(
      deps,
      ask,
      { shape, withUsage: wantsUsage(request) },
      llm.streamPrompt(question, options),
    );
  };
}

/** Whether the answer came from the model or from the cache; a client of OpenAI's never looks. */
export function sourceHeader(source: AnswerSource): Record<string, string> {
  return { 'x-botllm-source': source };
}

function plain(shape: ReplyShape, result: CompletionResult): Reply {
  return json(shape.reply(result), sourceHeader(result.source));
}

interface StreamShape {
  shape: ReplyShape;
  withUsage: boolean;
}

/** Waits for the first piece, so that what fails before it has a status and headers of its own. */
async function streamed(
  { onUnexpected }: CompletionDeps,
  ask: Ask,
  { shape, withUsage }: StreamShape,
  stream: LlmStream,
): Promise<StreamReply> {
  const pieces = stream[Symbol.asyncIterator]();
  const first = await pieces.next();
  const { model, source } = stream.about ?? (await stream.result());
  return {
    headers: sourceHeader(source),
    async produce(writer) {
      try {
        for (let next = first; next.done !== true; next = await pieces.next()) {
          writer.send(shape.chunk(model, next.value));
        }
        const { finishReason, usage } = await stream.result();
        writer.send(shape.lastChunk(model, finishReason));
        if (withUsage && usage) writer.send(shape.usageChunk(model, usage));
        writer.done();
      } catch (thrown) {
        writer.send(errorBody(asRefused(thrown, ask, onUnexpected)));
      }
    },
  };
}

function wantsUsage({ stream_options }: GatewayChatRequest | GatewayCompletionRequest): boolean {
  return stream_options?.include_usage === true;
}
