import type { Dialect } from './contract.js';
import { openaiStructured } from './openai.js';

/** llama-server, and the embedded engine, which answers like it. */
export const llamacpp: Dialect = {
  name: 'llamacpp',
  structured: openaiStructured,
  thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
  topLogprobs: 20,
  finishReasons: {},
  classify: ({ status, type, message }) => {
    if (type === 'exceed_context_size_error') return 'CONTEXT_EXCEEDED';
    // One type for "still loading" and "no room": only the words tell them apart.
    if (status === 503 && type === 'unavailable_error') {
      return /loading/i.test(message) ? 'ENGINE_NOT_READY' : 'ENGINE_OVERLOADED';
    }
    return undefined;
  },
};
