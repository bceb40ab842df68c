import type { Dialect } from './contract.js';

/** text-generation-inference: OpenAI's paths, a request shape of its own where it matters. */
export const tgi: Dialect = {
  name: 'tgi',
  // Tag `type`, content `value`: OpenAI's `json_schema` member is refused with 422.
  structured: (name, schema) => ({ response_format: { type: 'json_schema', value: { name, schema } } }),
  thinkingOff: {},
  topLogprobs: 5,
  finishReasons: { eos_token: 'stop', stop_sequence: 'stop' },
  adjust: ({ presence_penalty: _, model: __, ...body }) => ({
    ...body,
    // Any other name is taken for an adapter's.
    model: 'tgi',
    // presence_penalty x becomes a repetition penalty of x + 2 there; top_p 1 is refused.
    ...(typeof body.top_p === 'number' && body.top_p >= 1 && { top_p: undefined }),
  }),
  classify: ({ status, type, message }) =>
    status === 422 && type !== 'template_error' && /must (?:be <=|have less than)/.test(message)
      ? 'CONTEXT_EXCEEDED'
      : undefined,
};
