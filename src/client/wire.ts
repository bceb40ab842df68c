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
  const common = {
    model,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    ...(request.topP !== null && { top_p: request.topP }),
    ...(request.seed !== null && { seed: request.seed }),
    ...(request.stop !== null && { stop: request.stop }),
    ...(streamed && { stream: true, stream_options: { include_usage: true } }),
  };
  const body =
    kind === 'completion'
      ? { ...common, prompt: request.prompt, ...request.extra }
      : {
          ...common,
          messages: refusesSystemRole(model) ? foldSystem(request.messages) : request.messages,
          ...(structured && dialect.structured(structured.name, structured.schema)),
          ...(!request.thinking && dialect.thinkingOff),
          ...(label && !streamed && dialect.topLogprobs > 0
            ? { logprobs: true, top_logprobs: dialect.topLogprobs }
            : {}),
          ...request.extra,
        };
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
