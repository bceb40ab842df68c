import { z } from 'zod';

const count = z.number().int().nonnegative();
const Usage = z.object({
  prompt_tokens: count.nullish(),
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});
const Timings = z.object({
  prompt_n: count,
  prompt_ms: z.number(),
  predicted_n: count,
  predicted_ms: z.number(),
  cache_n: count.nullish(),
});
const text = z.string().nullish().catch(null);
const Delta = z.object({
  content: text,
  reasoning: text,
  reasoning_content: text,
  tool_calls: z
    .array(z.object({ function: z.object({ name: text, arguments: text }).nullish() }))
    .nullish()
    .catch(null),
});
const Choice = z.object({
  delta: Delta.nullish().catch(null),
  text,
  finish_reason: text,
  token_ids: z.array(z.number()).nullish().catch(null),
});

/** Tokens as the server counted them. */
export interface ServerUsage {
  promptTokens?: number | undefined;
  outputTokens: number;
  cachedTokens?: number | undefined;
}

/** llama.cpp's own clock (`timings`). */
export interface ServerTimings {
  promptTokens: number;
  promptMs: number;
  outputTokens: number;
  outputMs: number;
  cachedTokens?: number | undefined;
}

/** What one event says. */
export interface EventFacts {
  /** It carries a choice, if only a bare role; the last count of tokens does not. */
  choice?: boolean | undefined;
  /** Text for the reader: content, or the arguments of a tool. */
  output: string;
  /** Text of a thinking model before its answer. */
  reasoning: string;
  /** Tokens that the event lists by their numbers. */
  tokenIds?: number | undefined;
  usage?: ServerUsage | undefined;
  timings?: ServerTimings | undefined;
  finish?: string | undefined;
  /** An error inside an answer that began with 200. */
  error?: string | undefined;
}

/** @returns null for `[DONE]` and for what is no JSON object */
export function readEvent(data: string, name?: string): EventFacts | null {
  const value = parsed(data);
  if (name === 'error') return { output: '', reasoning: '', error: errorText(value) ?? data.slice(0, 200) };
  if (typeof value !== 'object' || value === null) return null;
  const { choices, usage, timings, error } = value as Record<string, unknown>;
  if (error !== undefined && error !== null) {
    return { output: '', reasoning: '', error: errorText(value) ?? 'error' };
  }
  const choice = Choice.safeParse(Array.isArray(choices) ? choices[0] : undefined).data;
  const delta = choice?.delta;
  const tools = delta?.tool_calls?.map(
    (call) => `${call.function?.name ?? ''}${call.function?.arguments ?? ''}`,
  );
  return {
    choice: choice !== undefined,
    output: `${delta?.content ?? choice?.text ?? ''}${tools?.join('') ?? ''}`,
    reasoning: delta?.reasoning_content ?? delta?.reasoning ?? '',
    tokenIds: choice?.token_ids?.length,
    usage: readUsage(usage),
    timings: readTimings(timings),
    finish: choice?.finish_reason ?? undefined,
  };
}

function readUsage(value: unknown): ServerUsage | undefined {
  const usage = Usage.safeParse(value).data;
  return (
    usage && {
      promptTokens: usage.prompt_tokens ?? undefined,
      outputTokens: usage.completion_tokens,
      cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? undefined,
    }
  );
}

function readTimings(value: unknown): ServerTimings | undefined {
  const timings = Timings.safeParse(value).data;
  return (
    timings && {
      promptTokens: timings.prompt_n,
      promptMs: timings.prompt_ms,
      outputTokens: timings.predicted_n,
      outputMs: timings.predicted_ms,
      cachedTokens: timings.cache_n ?? undefined,
    }
  );
}

function errorText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { error, message } = value as { error?: unknown; message?: unknown };
  return typeof message === 'string' ? message : errorText(error);
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
