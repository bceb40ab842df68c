import { z } from 'zod';
import type { ChatRequest, PromptRequest } from '../client/requests.js';
import { ChatCompletionRequest, CompletionRequest } from '../openai-http/request-schemas.js';
import { MESSAGES } from './messages.js';

/** A field that would change the answer: refused, never ignored, unless it says what is done anyway. */
const refused = (field: string, harmless: (value: unknown) => boolean = () => false) =>
  z
    .unknown()
    .refine((value) => value == null || harmless(value), MESSAGES.notSupported(field))
    .optional();
const none = (value: unknown) => value === false || value === 0 || value === 'none' || isEmpty(value);

/** Whose quota the call uses. What else a client may send is dropped: what is not named here reaches no engine. */
const ours = {
  user: z.string().max(256).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: refused('logit_bias', isEmpty),
};

export const GatewayChatRequest = ChatCompletionRequest.extend({
  ...ours,
  tools: refused('tools', none),
  tool_choice: refused('tool_choice', (value) => value === 'none' || value === 'auto'),
  functions: refused('functions', none),
  function_call: refused('function_call', (value) => value === 'none' || value === 'auto'),
  logprobs: refused('logprobs', none),
  top_logprobs: refused('top_logprobs', none),
  audio: refused('audio'),
});
export type GatewayChatRequest = z.infer<typeof GatewayChatRequest>;

export const GatewayCompletionRequest = CompletionRequest.extend({
  ...ours,
  echo: refused('echo', none),
  suffix: refused('suffix', (value) => value === ''),
  best_of: refused('best_of', (value) => value === 1),
  logprobs: refused('logprobs', none),
  response_format: refused('response_format', (value) => isPlainText(value)),
});
export type GatewayCompletionRequest = z.infer<typeof GatewayCompletionRequest>;

/** The chat as the library asks it: its defaults, not OpenAI's, where the caller said nothing. */
export function toChat(request: GatewayChatRequest): ChatRequest {
  const format = request.response_format;
  const schema =
    format?.type === 'json_schema'
      ? format.json_schema.schema
      : format?.type === 'json_object'
        ? format.schema
        : undefined;
  const name = (format?.type === 'json_schema' ? format.json_schema.name : undefined) ?? 'answer';
  const anyJson = format?.type === 'json_object' && schema === undefined;
  return {
    messages: request.messages,
    ...(schema && { structured: { name, schema } }),
    ...sampling(request, request.max_completion_tokens ?? request.max_tokens, {
      ...(anyJson && { response_format: { type: 'json_object' } }),
    }),
  };
}

export function toPrompt(request: GatewayCompletionRequest): PromptRequest {
  return { prompt: request.prompt, ...sampling(request, request.max_tokens, {}) };
}

function sampling(
  request: GatewayChatRequest | GatewayCompletionRequest,
  maxTokens: number | null | undefined,
  more: Record<string, unknown>,
) {
  const { temperature, top_p, seed, stop, frequency_penalty, presence_penalty } = request;
  const extra = {
    ...more,
    ...(frequency_penalty != null && { frequency_penalty }),
    ...(presence_penalty != null && { presence_penalty }),
  };
  return {
    maxTokens: maxTokens ?? undefined,
    temperature: temperature ?? undefined,
    topP: top_p ?? undefined,
    seed: seed ?? undefined,
    stop: stop == null ? undefined : [stop].flat(),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isPlainText(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'text';
}
