import type { LlamaGrammar, Token } from 'node-llama-cpp';
import type { Sampling } from './sampling.js';

/** One request as the engine works on it: tokens in, tokens out. */
export interface GenerationRequest {
  prompt: readonly Token[];
  maxTokens: number | undefined;
  sampling: Sampling;
  grammar: LlamaGrammar | null;
  stops: readonly string[];
  dropThought: boolean;
  /** Alternatives to name for each token; null: no probabilities. */
  topLogprobs: number | null;
  signal: AbortSignal;
}

/** A token with the probability that the model itself gave it, before temperature and grammar. */
export interface TokenLogprob extends TokenName {
  logprob: number;
  top: (TokenName & { logprob: number })[];
}

/** A token as people and as programs read it. */
export interface TokenName {
  text: string;
  bytes: number[] | null;
}

/** A part of an answer as it comes. */
export interface AnswerPart {
  text: string;
  logprobs: TokenLogprob[];
}

export interface Timings {
  /** Prompt tokens taken from the slot's cache. */
  cachedTokens: number;
  /** Prompt tokens that were computed. */
  promptTokens: number;
  promptMs: number;
  /** Tokens made, the end token included. */
  predictedTokens: number;
  predictedMs: number;
}

export interface GenerationResult {
  finishReason: 'stop' | 'length';
  timings: Timings;
}
