import type { ChatMessage } from '../types.js';
import type { Dialect } from './dialects/contract.js';
import type { EngineRequest } from './requests.js';

export interface WireRequest {
  path: string;
  body: Record<string, unknown>;
}

/** A request in an engine's own words. */
export function toWire(
  request: EngineRequest,
  { dialect, model, streamed }: { dialect: Dialect; model: string; streamed: boolean },
): WireRequest {
  const { kind, structured, label } = request;
  // Field by field: to spread a handful of small objects takes V8 ten times as long, and the engine waits for it.
  const body: Record<string, unknown> = {
    model,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
  };
  if (request.topP !== null) body.top_p = request.topP;
  if (request.seed !== null) body.seed = request.seed;
  if (request.stop !== null) body.stop = request.stop;
  if (streamed) {
    body.stream = true;
    body.stream_options = { include_usage: true };
  }
  if (kind === 'completion') body.prompt = request.prompt;
  else {
    body.messages = refusesSystemRole(model) ? foldSystem(request.messages) : request.messages;
    if (structured) Object.assign(body, dialect.structured(structured.name, structured.schema));
    if (!request.thinking) Object.assign(body, dialect.thinkingOff);
    if (label && !streamed && dialect.topLogprobs > 0) {
      body.logprobs = true;
      body.top_logprobs = dialect.topLogprobs;
    }
  }
  if (request.extra) Object.assign(body, request.extra);
  return {
    path: kind === 'completion' ? '/v1/completions' : '/v1/chat/completions',
    body: dialect.adjust?.(body) ?? body,
  };
}

/** Templates of Gemma 1 and 2 refuse a system message, whichever engine applies them. */
function refusesSystemRole(model: string): boolean {
  return /gemma-?(?:(?:1\.1-)?[27]b|2-)/i.test(model);
}

/** Puts the system's text in front of the first user's, where such a model was trained to find it. */
function foldSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const [system, next, ...rest] = messages;
  if (system?.role !== 'system' || next?.role !== 'user') return messages;
  return [{ role: 'user', content: `${system.content}\n\n${next.content}` }, ...rest];
}
