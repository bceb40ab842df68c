import { expect } from 'vitest';
import type { LlmClientOptions } from '../../src/client/options.js';
import type { PromptConfig } from '../../src/prompts/prompt-config.js';
import { bench } from '../client/setup.js';
import { broken, completion, type Reply } from '../support/fake-engine.js';

interface Fault {
  name: string;
  code: string;
  reply?: Reply;
  options?: LlmClientOptions;
  engineIsDown?: true;
}

/** Every way in which a task can go without its model. */
export const FAULTS: readonly Fault[] = [
  { name: 'the engine is down', code: 'ENGINE_UNREACHABLE', engineIsDown: true },
  { name: 'the engine breaks off', code: 'ENGINE_UNREACHABLE', reply: broken('{"choices"') },
  { name: 'the model is switched off', code: 'DISABLED', options: { enabled: false } },
  {
    name: 'the model talks nonsense',
    code: 'INVALID_ANSWER',
    reply: completion('Sure! I would love to help.'),
  },
  { name: 'the answer has another shape', code: 'INVALID_ANSWER', reply: completion('{"answer":42}') },
  {
    name: 'the answer was cut',
    code: 'INCOMPLETE_RESPONSE',
    reply: completion('{"valid":true,"text":"Half of', { finish: 'length' }),
  },
  { name: 'the prompt is too long', code: 'PROMPT_TOO_LONG', options: { maxPromptChars: 10 } },
];

/** Asks under a fault and expects the documented fallback, its JSON text, and the reason. */
export async function expectFallback<T>(config: PromptConfig<T>, fault: Fault, data: T): Promise<void> {
  const { llm, engine, told } = await bench({ maxRetries: 0, ...fault.options });
  if (fault.reply) engine.answerWith(fault.reply);
  if (fault.engineIsDown) await engine.close();
  const result = await llm.complete(config);
  expect([result.source, result.error?.code]).toEqual(['fallback', fault.code]);
  expect(result.data).toEqual(data);
  expect(JSON.parse(result.content)).toEqual(data);
  expect(told()).not.toContain('llm_text_improved');
}
