import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/client/dialects/contract.js';
import { DIALECTS } from '../../src/client/dialects/list.js';
import { fromChat, fromConfig, fromPrompt } from '../../src/client/requests.js';
import { toWire } from '../../src/client/wire.js';
import { intent } from './setup.js';

const wire = (name: DialectName, { streamed = false, model = 'm' } = {}) =>
  toWire(fromConfig(intent('hi')), { dialect: DIALECTS[name], model, streamed }).body;

describe("requests in an engine's own words", () => {
  it.each<DialectName>(['llamacpp', 'vllm', 'ollama', 'openai'])("%s: a schema in OpenAI's shape", (name) => {
    expect(wire(name).response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'intent', schema: { type: 'object' } },
    });
  });

  it('tgi: a schema in its own shape, its own model name, fewer rivals', () => {
    const body = wire('tgi');
    expect(body).toMatchObject({
      model: 'tgi',
      response_format: { type: 'json_schema', value: { name: 'intent', schema: { type: 'object' } } },
      logprobs: true,
      top_logprobs: 5,
    });
    const request = fromChat({
      messages: [{ role: 'user', content: 'x' }],
      topP: 1,
      extra: { presence_penalty: 0 },
    });
    const sent = JSON.parse(
      JSON.stringify(toWire(request, { dialect: DIALECTS.tgi, model: 'm', streamed: false }).body),
    );
    expect(sent).not.toHaveProperty('top_p');
    expect(sent).not.toHaveProperty('presence_penalty');
  });

  it.each<[DialectName, Record<string, unknown>]>([
    ['llamacpp', { chat_template_kwargs: { enable_thinking: false } }],
    ['vllm', { chat_template_kwargs: { enable_thinking: false } }],
    ['ollama', { reasoning_effort: 'none' }],
  ])('%s: thinking is off unless asked for', (name, fields) => {
    expect(wire(name)).toMatchObject(fields);
    const thinking = fromChat({ messages: [{ role: 'user', content: 'x' }], thinking: true });
    const { body } = toWire(thinking, { dialect: DIALECTS[name], model: 'm', streamed: false });
    expect(body).not.toHaveProperty(Object.keys(fields)[0] ?? '');
  });

  it('probabilities are asked for a choice only, never in a stream, never of a server that is not known', () => {
    expect(wire('llamacpp')).toMatchObject({ logprobs: true, top_logprobs: 20 });
    expect(wire('llamacpp', { streamed: true })).not.toHaveProperty('logprobs');
    expect(wire('openai')).not.toHaveProperty('logprobs');
    const chat = fromChat({ messages: [{ role: 'user', content: 'x' }] });
    expect(toWire(chat, { dialect: DIALECTS.llamacpp, model: 'm', streamed: false }).body).not.toHaveProperty(
      'logprobs',
    );
  });

  it.each([
    ['google/gemma-2b-it', true],
    ['gemma-1.1-7b-it', true],
    ['gemma-2-9b-it', true],
    ['gemma-3-4b-it', false],
    ['qwen3-1.7b', false],
    ['microsoft/Phi-3-mini-4k-instruct', false],
  ])("%s: the system text is folded into the user's: %s", (model, folded) => {
    const messages = wire('vllm', { model }).messages as { role: string; content: string }[];
    expect(messages[0]?.role).toBe(folded ? 'user' : 'system');
    if (folded) expect(messages[0]?.content).toMatch(/^You read one message[\s\S]*Intents:/);
  });

  it('a raw prompt goes to completions as it is', () => {
    const request = fromPrompt({ prompt: 'Once', maxTokens: 5, seed: 1, stop: ['.'] });
    expect(toWire(request, { dialect: DIALECTS.llamacpp, model: 'm', streamed: false })).toEqual({
      path: '/v1/completions',
      body: { model: 'm', prompt: 'Once', max_tokens: 5, temperature: 0.2, seed: 1, stop: ['.'] },
    });
  });

  it.each<[DialectName, number, string, string, string | undefined]>([
    ['llamacpp', 400, 'exceed_context_size_error', 'request (5000 tokens) exceeds', 'CONTEXT_EXCEEDED'],
    ['llamacpp', 503, 'unavailable_error', 'Loading model', 'ENGINE_NOT_READY'],
    ['llamacpp', 503, 'unavailable_error', 'all slots are busy', 'ENGINE_OVERLOADED'],
    [
      'vllm',
      400,
      'BadRequestError',
      "This model's maximum context length is 4096 tokens.",
      'CONTEXT_EXCEEDED',
    ],
    [
      'tgi',
      422,
      'validation',
      '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000',
      'CONTEXT_EXCEEDED',
    ],
    ['tgi', 422, 'validation', '`inputs` must have less than 4095 tokens. Given: 5000', 'CONTEXT_EXCEEDED'],
    ['tgi', 422, 'template_error', 'System role not supported', undefined],
    [
      'ollama',
      400,
      '',
      'the prompt is longer than the context length currently available',
      'CONTEXT_EXCEEDED',
    ],
    ['vllm', 400, 'BadRequestError', 'System role not supported', undefined],
  ])('%s: %i %s %j is %s', (name, status, type, message, code) => {
    expect(DIALECTS[name].classify?.({ status, type, code: '', message })).toBe(code);
  });
});
