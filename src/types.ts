import type { BotllmError } from './errors.js';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Tokens of one answer as the engine counted them. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** Input tokens that the engine took from its prefix cache, where it says so. */
  cachedTokens?: number;
}

/** Where an answer came from. A fallback is a documented stand-in for an answer that could not be had. */
export type AnswerSource = 'model' | 'cache' | 'fallback';

/**
 * How urgent a call is while others wait for the engine: `interactive` goes before `improve`, and `improve`
 * before `batch`; none starves (see `LlmClient`'s option `priority`).
 */
export const PRIORITIES = ['interactive', 'improve', 'batch'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** `stop`: the answer is whole. `length`: cut at `maxTokens`. */
export type FinishReason = 'stop' | 'length';

/** How the confidence of an intent was found; absent where the engine gives no probabilities. */
export type ConfidenceMethod = 'label-logprobs';

/** What every call resolves to. */
export interface CompletionResult<T = undefined> {
  /** The answer's text; for a task with a schema the JSON text of `data`, fallbacks included. */
  content: string;
  /** The validated answer of a task; undefined for `chat` and `completePrompt`. */
  data: T;
  /** The configured (else the served) name of the model. */
  model: string;
  /** Absent when the engine sent none, and for cached and fallback answers. */
  usage?: Usage;
  finishReason: FinishReason | null;
  confidenceMethod?: ConfidenceMethod;
  cached: boolean;
  source: AnswerSource;
  /** Why the answer is a fallback. */
  error?: BotllmError;
  /** Milliseconds of the whole call, waits and retries included. */
  latencyMs: number;
  /** Requests that were sent to the engine: 0 for a hit. */
  attempts: number;
  requestId: string;
}
