import type { JsonSchema } from '../../prompts/json-schema.js';
import type { Dialect } from './contract.js';

/** `response_format` as OpenAI wrote it and most others read it. */
export function openaiStructured(name: string, schema: JsonSchema): Record<string, unknown> {
  return { response_format: { type: 'json_schema', json_schema: { name, schema, strict: true } } };
}

/** Any server that speaks OpenAI's protocol: only what all of them take. */
export const openai: Dialect = {
  name: 'openai',
  structured: openaiStructured,
  thinkingOff: {},
  // Some servers refuse a request for probabilities; an answer without confidence beats no answer.
  topLogprobs: 0,
  finishReasons: {},
  classify: ({ status, code }) =>
    status === 400 && code === 'context_length_exceeded' ? 'CONTEXT_EXCEEDED' : undefined,
};
