import type { CompletionResult, FinishReason, Usage } from '../types.js';

/** How an answer looks on OpenAI's wire. */
export interface ReplyShape {
  reply(result: CompletionResult): Record<string, unknown>;
  chunk(model: string, text: string): Record<string, unknown>;
  /** The chunk that ends the text of a stream. */
  lastChunk(model: string, finishReason: FinishReason | null): Record<string, unknown>;
  /** The extra chunk that a client asks for by `stream_options.include_usage`. */
  usageChunk(model: string, usage: Usage): Record<string, unknown>;
}

/** `POST /v1/chat/completions`. */
export function chatShape(requestId: string, created: number): ReplyShape {
  const id = `chatcmpl-${requestId}`;
  const object = 'chat.completion.chunk';
  let first = true;
  // Every token comes by here: written out, for to spread objects takes V8 many times as long.
  const chunk = (model: string, content: string | undefined, finishReason: FinishReason | null) => {
    const delta = first ? { role: 'assistant', content } : { content };
    first = false;
    return {
      id,
      object,
      created,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    };
  };
  return {
    reply: ({ model, content, finishReason, usage }) => ({
      id,
      object: 'chat.completion',
      created,
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal: null },
          logprobs: null,
          finish_reason: finishReason,
        },
      ],
      ...(usage && { usage: usageOf(usage) }),
    }),
    chunk: (model, content) => chunk(model, content, null),
    lastChunk: (model, finishReason) => chunk(model, undefined, finishReason),
    usageChunk: (model, usage) => ({ id, object, created, model, choices: [], usage: usageOf(usage) }),
  };
}

/** `POST /v1/completions`. */
export function textShape(requestId: string, created: number): ReplyShape {
  const head = (model: string) => ({ id: `cmpl-${requestId}`, object: 'text_completion', created, model });
  const choice = (text: string, finishReason: FinishReason | null) => [
    { index: 0, text, logprobs: null, finish_reason: finishReason },
  ];
  return {
    reply: ({ model, content, finishReason, usage }) => ({
      ...head(model),
      choices: choice(content, finishReason),
      ...(usage && { usage: usageOf(usage) }),
    }),
    chunk: (model, text) => ({ ...head(model), choices: choice(text, null) }),
    lastChunk: (model, finishReason) => ({ ...head(model), choices: choice('', finishReason) }),
    usageChunk: (model, usage) => ({ ...head(model), choices: [], usage: usageOf(usage) }),
  };
}

/** Only of what the engine counted: an answer without usage has none here, either. */
function usageOf({ inputTokens, outputTokens, cachedTokens }: Usage): Record<string, unknown> {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}
