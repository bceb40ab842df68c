import type { Dialect } from './contract.js';
import { openaiStructured } from './openai.js';

export const ollama: Dialect = {
  name: 'ollama',
  structured: openaiStructured,
  thinkingOff: { reasoning_effort: 'none' },
  // Not in its documentation; a server that does not know the fields leaves the probabilities out.
  topLogprobs: 20,
  finishReasons: {},
  classify: ({ status, message }) =>
    status === 400 && /context length/i.test(message) ? 'CONTEXT_EXCEEDED' : undefined,
};
