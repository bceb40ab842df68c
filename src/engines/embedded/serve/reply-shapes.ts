import { randomUUID } from 'node:crypto';
import type {
  AnswerPart,
  GenerationResult,
  Timings,
  TokenLogprob,
  TokenName,
} from '../generate/generation.js';

/** How the parts of an answer look on the wire. */
export interface ReplyShape {
  reply(text: string, logprobs: TokenLogprob[] | null, result: GenerationResult): Record<string, unknown>;
  chunk(part: AnswerPart): Record<string, unknown>;
  /** The chunk that ends a stream: the reason, and timings as llama-server adds them. */
  lastChunk(result: GenerationResult): Record<string, unknown>;
  /** The extra chunk that a client asks for by `stream_options.include_usage`. */
  usageChunk(result: GenerationResult): Record<string, unknown>;
}

export interface ShapeOptions {
  model: string;
  created: number;
  withLogprobs: boolean;
}

/** `POST /v1/chat/completions`. */
export function chatShape(options: ShapeOptions): ReplyShape {
  const head = { id: `chatcmpl-${randomUUID()}`, created: options.created, model: options.model };
  const chunk = { ...head, object: 'chat.completion.chunk' };
  let first = true;
  const role = () => {
    const fields = first ? { role: 'assistant' } : {};
    first = false;
    return fields;
  };
  return {
    reply: (content, logprobs, result) => ({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content },
          logprobs: logprobs && { content: logprobs.map(wireLogprob) },
          finish_reason: result.finishReason,
        },
      ],
      usage: usageOf(result.timings),
      timings: timingsOf(result.timings),
    }),
    chunk: ({ text, logprobs }) => ({
      ...chunk,
      choices: [
        {
          index: 0,
          delta: { ...role(), content: text },
          ...(options.withLogprobs ? { logprobs: { content: logprobs.map(wireLogprob) } } : {}),
          finish_reason: null,
        },
      ],
    }),
    lastChunk: (result) => ({
      ...chunk,
      choices: [{ index: 0, delta: role(), finish_reason: result.finishReason }],
      timings: timingsOf(result.timings),
    }),
    usageChunk: (result) => ({ ...chunk, choices: [], usage: usageOf(result.timings) }),
  };
}

/** `POST /v1/completions`. */
export function textShape(options: ShapeOptions): ReplyShape {
  const head = {
    id: `cmpl-${randomUUID()}`,
    object: 'text_completion',
    created: options.created,
    model: options.model,
  };
  const choice = (text: string, finishReason: string | null) => ({
    index: 0,
    text,
    logprobs: null,
    finish_reason: finishReason,
  });
  return {
    reply: (text, _logprobs, result) => ({
      ...head,
      choices: [choice(text, result.finishReason)],
      usage: usageOf(result.timings),
      timings: timingsOf(result.timings),
    }),
    chunk: ({ text }) => ({ ...head, choices: [choice(text, null)] }),
    lastChunk: (result) => ({
      ...head,
      choices: [choice('', result.finishReason)],
      timings: timingsOf(result.timings),
    }),
    usageChunk: (result) => ({ ...head, choices: [], usage: usageOf(result.timings) }),
  };
}

function usageOf({ cachedTokens, promptTokens, predictedTokens }: Timings): Record<string, unknown> {
  const prompt = cachedTokens + promptTokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: predictedTokens,
    total_tokens: prompt + predictedTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

function timingsOf(timings: Timings): Record<string, unknown> {
  const { cachedTokens, promptTokens, promptMs, predictedTokens, predictedMs } = timings;
  return {
    cache_n: cachedTokens,
    prompt_n: promptTokens,
    prompt_ms: promptMs,
    ...rates('prompt', promptTokens, promptMs),
    predicted_n: predictedTokens,
    predicted_ms: predictedMs,
    ...rates('predicted', predictedTokens, predictedMs),
  };
}

/** Absent where there is nothing to divide: a rate that was not measured is not 0. */
function rates(name: string, tokens: number, ms: number): Record<string, number> {
  if (tokens === 0 || ms === 0) return {};
  return { [`${name}_per_token_ms`]: ms / tokens, [`${name}_per_second`]: (tokens / ms) * 1000 };
}

function wireLogprob({ top, ...token }: TokenLogprob): Record<string, unknown> {
  return { ...wireToken(token), top_logprobs: top.map(wireToken) };
}

function wireToken({ text, bytes, logprob }: TokenName & { logprob: number }): Record<string, unknown> {
  return { token: text, logprob, bytes };
}
