import type { Dialect } from './contract.js';
import { openaiStructured } from './openai.js';

export const vllm: Dialect = {
  name: 'vllm',
  structured: openaiStructured,
  thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
  topLogprobs: 20,
  finishReasons: {},
  // Its own code is just 400; the words are the only sign, and have been the same in all versions.
  classify: ({ status, message }) =>
    status === 400 && /maximum context length/i.test(message) ? 'CONTEXT_EXCEEDED' : undefined,
};
