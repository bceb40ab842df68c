import { asRecord } from '../classify.js';
import type { CountTokens, Dialect } from './contract.js';
import { openaiStructured } from './openai.js';

/**
 * In two questions: the prompt that the template makes of the messages, then its tokens. Ours refuses to list
 * the tokens of what is far too long, and says how many there are.
 */
const count: CountTokens = async ({ messages, prompt, chat_template_kwargs }, send) => {
  const content = messages
    ? asRecord((await send('/apply-template', { messages, chat_template_kwargs })).body)?.prompt
    : prompt;
  if (typeof content !== 'string') return null;
  const { body } = await send('/tokenize', { content, add_special: true, parse_special: true });
  const { tokens, error } = asRecord(body) ?? {};
  if (Array.isArray(tokens)) return tokens.length;
  const tooMany = asRecord(error)?.n_prompt_tokens;
  return typeof tooMany === 'number' ? tooMany : null;
};

/** llama-server, and the embedded engine, which answers like it. */
export const llamacpp: Dialect = {
  name: 'llamacpp',
  structured: openaiStructured,
  thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
  topLogprobs: 20,
  finishReasons: {},
  count,
  classify: ({ status, type, message }) => {
    if (type === 'exceed_context_size_error') return 'CONTEXT_EXCEEDED';
    // One type for "still loading" and "no room": only the words tell them apart.
    if (status === 503 && type === 'unavailable_error') {
      return /loading/i.test(message) ? 'ENGINE_NOT_READY' : 'ENGINE_OVERLOADED';
    }
    return undefined;
  },
};
