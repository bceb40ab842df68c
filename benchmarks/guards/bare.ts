import { OpenAI } from 'openai';
import { Agent, fetch as undiciFetch } from 'undici';
import type { PromptConfig } from '../../src/index.js';

/** The client without any guard. */
export interface Bare {
  /** Sends what the guarded client would send. */
  ask(question: PromptConfig<unknown>): Promise<string>;
  close(): Promise<void>;
}

/**
 * The `openai` package as a program without botllm uses it. With undici's fetch injected, as our own transport
 * does it, or with the fetch of Node.js that it takes by itself.
 */
export function bareClient(engine: string, fetch: 'undici' | 'own'): Bare {
  const agent = new Agent();
  const injected = (url: string, init: object) => undiciFetch(url, { ...init, dispatcher: agent });
  const client = new OpenAI({
    apiKey: 'none',
    baseURL: `${engine}/v1`,
    maxRetries: 0,
    ...(fetch === 'undici' && { fetch: injected as unknown as typeof globalThis.fetch }),
  });
  return {
    async ask({ id, messages, schema, maxTokens, temperature }) {
      const reply = await client.chat.completions.create({
        model: 'instant',
        messages: messages as OpenAI.ChatCompletionMessageParam[],
        max_tokens: maxTokens,
        temperature,
        response_format: { type: 'json_schema', json_schema: { name: id, schema: { ...schema } } },
      });
      return reply.choices[0]?.message.content ?? '';
    },
    close: () => agent.close(),
  };
}
