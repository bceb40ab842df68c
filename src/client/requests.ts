import { BotllmError } from '../errors.js';
import type { JsonSchema } from '../prompts/json-schema.js';
import type { LabelQuestion, PromptConfig } from '../prompts/prompt-config.js';
import type { ChatMessage } from '../types.js';
import { asRecord } from './classify.js';
import { MESSAGES } from './messages.js';

/** How an answer is sampled. What is absent is not sent, except temperature and length. */
export interface Sampling {
  /** Tokens of the longest answer; 512 by default. An answer that reaches it has `finishReason: 'length'`. */
  maxTokens?: number | undefined;
  /** 0.2 by default; always sent, because engines differ in what they take for none. */
  temperature?: number | undefined;
  topP?: number | undefined;
  seed?: number | undefined;
  /** At most 4 texts that end the answer. */
  stop?: readonly string[] | undefined;
  /** Further body fields as they are, for what one engine knows and others do not. They are part of the cache key. */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

export interface ChatRequest extends Sampling {
  messages: readonly ChatMessage[];
  /** Holds the answer to a JSON schema, in the engine's own way; the answer itself is not checked against it. */
  structured?: { name: string; schema: JsonSchema } | undefined;
  /** True lets a thinking model think aloud before its answer. */
  thinking?: boolean | undefined;
}

export interface PromptRequest extends Sampling {
  /** Text to continue, as it is: no chat template, no roles. */
  prompt: string;
}

/**
 * What is asked, in no engine's dialect. All of it decides the answer, so all of it is hashed for the cache
 * key; `null` says that a field is not sent.
 */
export interface EngineRequest {
  kind: 'chat' | 'completion';
  messages: readonly ChatMessage[];
  prompt: string | null;
  maxTokens: number;
  temperature: number;
  topP: number | null;
  seed: number | null;
  stop: readonly string[] | null;
  thinking: boolean;
  structured: { name: string; schema: JsonSchema } | null;
  label: LabelQuestion | null;
  extra: Readonly<Record<string, unknown>> | null;
}

export function fromChat(request: ChatRequest): EngineRequest {
  const { messages, thinking = false, structured = null } = request;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) {
    throw new BotllmError('INVALID_REQUEST', MESSAGES.noMessages);
  }
  return {
    kind: 'chat',
    messages,
    prompt: null,
    thinking,
    structured,
    label: null,
    ...sampling(request),
  };
}

export function fromPrompt(request: PromptRequest): EngineRequest {
  if (typeof request.prompt !== 'string') throw new BotllmError('INVALID_REQUEST', MESSAGES.noPrompt);
  return {
    kind: 'completion',
    messages: [],
    prompt: request.prompt,
    thinking: false,
    structured: null,
    label: null,
    ...sampling(request),
  };
}

export function fromConfig(config: PromptConfig<unknown>): EngineRequest {
  // What is spread stands last, here and where else every call comes by: first, it takes V8 thirty times as long.
  return {
    kind: 'chat',
    messages: config.messages,
    prompt: null,
    thinking: false,
    structured: { name: config.id, schema: config.schema },
    label: config.label ?? null,
    ...sampling({ maxTokens: config.maxTokens, temperature: config.temperature }),
  };
}

function sampling({ maxTokens = 512, temperature = 0.2, topP, seed, stop, extra }: Sampling) {
  if (!Number.isInteger(maxTokens) || maxTokens < 1) throw badNumber('maxTokens', 'a whole number from 1');
  if (!(temperature >= 0 && temperature <= 2)) throw badNumber('temperature', 'a number from 0 to 2');
  return {
    maxTokens,
    temperature,
    topP: topP ?? null,
    seed: seed ?? null,
    stop: stop ?? null,
    extra: extra === undefined ? null : asSent(extra),
  };
}

/** A copy as JSON sends it: what is hashed is what the engine gets, whatever becomes of the caller's object. */
function asSent(extra: unknown): Record<string, unknown> {
  try {
    const copy = asRecord(JSON.parse(JSON.stringify(extra)));
    if (copy) return copy;
  } catch {
    // A circle, a BigInt, or nothing at all.
  }
  throw new BotllmError('INVALID_REQUEST', MESSAGES.badExtra);
}

function isMessage(value: unknown): value is ChatMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { role, content } = value as Partial<ChatMessage>;
  return (role === 'system' || role === 'user' || role === 'assistant') && typeof content === 'string';
}

function badNumber(name: string, range: string): BotllmError {
  return new BotllmError('INVALID_REQUEST', MESSAGES.badNumber(name, range));
}
