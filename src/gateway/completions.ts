import type { LlmClient } from '../client/client.js';
import type { LlmStream } from '../client/streaming.js';
import { parseRequest } from '../openai-http/request-schemas.js';
import type { AnswerSource } from '../types.js';
import { type Caller, callerOf } from './caller.js';
import { type Ask, json, type Reply, type Route, type StreamReply } from './exchange.js';
import { asRefused, errorBody } from './refusal.js';
import { chatShape, type ReplyShape, textShape } from './reply-shapes.js';
import { GatewayChatRequest, GatewayCompletionRequest, toChat, toPrompt } from './requests.js';

export interface CompletionDeps {
  llm: LlmClient;
  /** Milliseconds since the epoch. */
  now: () => number;
  onUnexpected: (error: unknown, requestId: string) => void;
}

/** `POST /v1/chat/completions`, plain and streamed. The model's name is not looked at: there is one engine. */
export function chatCompletions(deps: CompletionDeps): Route {
  const { llm } = deps;
  return async (ask) => {
    const request = parseRequest(GatewayChatRequest, await ask.body());
    const caller = callerOf(ask, request.user);
    const shape = chatShape(ask.requestId, seconds(deps));
    const question = toChat(request);
    if (request.stream !== true) return plain(caller, shape, await calling(caller, llm.chat(question, caller.options)));
    return streamed(deps, { ask, caller, shape, request }, llm.stream(question, caller.options));
  };
}

/** `POST /v1/completions`, plain and streamed. */
export function completions(deps: CompletionDeps): Route {
  const { llm } = deps;
  return async (ask) => {
    const request = parseRequest(GatewayCompletionRequest, await ask.body());
    const caller = callerOf(ask, request.user);
    const shape = textShape(ask.requestId, seconds(deps));
    const question = toPrompt(request);
    if (request.stream !== true)
      return plain(caller, shape, await calling(caller, llm.completePrompt(question, caller.options)));
    return streamed(deps, { ask, caller, shape, request }, llm.streamPrompt(question, caller.options));
  };
}
