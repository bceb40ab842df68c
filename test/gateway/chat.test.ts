import { describe, expect, it } from 'vitest';
import { completion, refuse } from '../support/fake-engine.js';
import { gatewayBench, HI } from './setup.js';

const CHAT = '/v1/chat/completions';

describe('a chat through the gateway', () => {
  it('is answered in OpenAI’s shape, with the engine’s own count of tokens', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(completion('hello'));
    const { status, headers, json } = await ask(CHAT, { ...HI, model: 'm' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(json()).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 80 },
      },
    });
  });

  it('answers whatever model is asked for by the engine’s own, and names that one', async () => {
    const { engine, ask } = await gatewayBench({ client: { model: undefined } });
    const { status, json } = await ask(CHAT, { ...HI, model: 'gpt-4o' });
    expect(status).toBe(200);
    expect(json().model).toBe('fake-model');
    expect(engine.seen[0]?.body.model).toBe('fake-model');
  });

  it('is answered from the cache the second time, and says so', async () => {
    const { engine, ask } = await gatewayBench();
    const first = await ask(CHAT, HI);
    const second = await ask(CHAT, HI);
    expect(first.headers.get('x-botllm-source')).toBe('model');
    expect(second.headers.get('x-botllm-source')).toBe('cache');
    expect(second.json().choices).toEqual(first.json().choices);
    expect(second.json()).not.toHaveProperty('usage');
    expect(engine.seen).toHaveLength(1);
  });

  it.each(['no-cache', 'no-store'])('asks anew with Cache-Control: %s', async (wish) => {
    const { engine, ask } = await gatewayBench();
    await ask(CHAT, HI);
    await ask(CHAT, HI, { 'cache-control': wish });
    expect(engine.seen).toHaveLength(2);
  });

  it('hands on what the caller says of sampling, and the library’s own where he says nothing', async () => {
    const { engine, ask } = await gatewayBench();
    await ask(CHAT, {
      ...HI,
      max_completion_tokens: 7,
      top_p: 0.5,
      seed: 3,
      stop: 'END',
      presence_penalty: 1,
    });
    expect(engine.seen[0]?.body).toMatchObject({
      max_tokens: 7,
      temperature: 0.2,
      top_p: 0.5,
      seed: 3,
      stop: ['END'],
      presence_penalty: 1,
    });
  });

  it('hands on no field that is not on its list', async () => {
    const { engine, ask } = await gatewayBench();
    const foreign = { n_discard: 9, grammar: 'x', metadata: { a: '1' }, store: true, lora: [1] };
    expect((await ask(CHAT, { ...HI, ...foreign })).status).toBe(200);
    const sent = Object.keys(engine.seen[0]?.body ?? {});
    for (const field of Object.keys(foreign)) expect(sent).not.toContain(field);
  });

  it.each([
    ['tools', [{ type: 'function', function: { name: 'f' } }]],
    ['logprobs', true],
    ['logit_bias', { 5: 1 }],
    ['n', 2],
    ['functions', [{ name: 'f' }]],
  ])('refuses %s, which would change the answer, instead of ignoring it', async (field, value) => {
    const { engine, ask } = await gatewayBench();
    const { status, json } = await ask(CHAT, { ...HI, [field]: value });
    expect(status).toBe(400);
    expect(json().error).toMatchObject({ type: 'invalid_request_error', param: field });
    expect(engine.seen).toHaveLength(0);
  });

  it('asks the engine for an answer that a JSON schema holds', async () => {
    const { engine, ask } = await gatewayBench();
    const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };
    const format = { type: 'json_schema', json_schema: { name: 'one', schema, strict: true } };
    await ask(CHAT, { ...HI, response_format: format });
    expect(engine.seen[0]?.body.response_format).toEqual(format);
  });

  it('continues a text at /v1/completions', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(completion(' upon a time'));
    const { status, json } = await ask('/v1/completions', { prompt: 'Once', max_tokens: 5 });
    expect(status).toBe(200);
    expect(json()).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      choices: [{ index: 0, text: ' upon a time', logprobs: null, finish_reason: 'stop' }],
    });
    expect(engine.seen[0]).toMatchObject({
      path: '/v1/completions',
      body: { prompt: 'Once', max_tokens: 5 },
    });
  });
});

describe('a refusal', () => {
  it('of a user over his limit is 429 in OpenAI’s shape, with the wait and no wish to be retried', async () => {
    const { engine, ask } = await gatewayBench({ client: { rateLimit: 1 } });
    await ask(CHAT, { ...HI, user: 'ann' });
    const other = { messages: [{ role: 'user', content: 'again' }], user: 'ann' };
    const { status, headers, json } = await ask(CHAT, other);
    expect(status).toBe(429);
    expect(json().error).toEqual({
      message: expect.any(String),
      type: 'rate_limit_exceeded',
      param: null,
      code: 'rate_limit_exceeded',
      hint: expect.stringContaining('LLM_RATE_LIMIT'),
    });
    expect(headers.get('x-should-retry')).toBe('false');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
    expect(headers.get('ratelimit')).toMatch(/^"user";r=0;t=\d+$/);
    expect(headers.get('ratelimit-policy')).toBe('"user";q=1;w=60');
    expect(engine.seen).toHaveLength(1);
  });

  it.each([
    ['ENGINE_ERROR', refuse(500), 502, 'false'],
    ['CONTEXT_EXCEEDED', refuse(400, { type: 'exceed_context_size_error', message: 'x' }), 400, 'false'],
    ['ENGINE_NOT_READY', refuse(503, { type: 'unavailable_error', message: 'Loading model' }), 503, null],
  ])('for %s has a status of its own', async (code, reply, status, shouldRetry) => {
    const { engine, ask } = await gatewayBench({ client: { maxRetries: 0 } });
    engine.answerWith(reply);
    const { status: got, headers, json } = await ask(CHAT, HI);
    expect(got).toBe(status);
    expect(headers.get('x-should-retry')).toBe(shouldRetry);
    const wire = code === 'CONTEXT_EXCEEDED' ? 'context_length_exceeded' : code.toLowerCase();
    expect(json().error.code).toBe(wire);
  });

  it('says 503 while nobody is there, 504 when time is over', async () => {
    const { engine, ask } = await gatewayBench({ client: { maxRetries: 0, deadlineMs: 150 } });
    engine.answerWith(() => {});
    expect((await ask(CHAT, HI)).status).toBe(504);
    await engine.close();
    expect((await ask(CHAT, { messages: [{ role: 'user', content: 'other' }] })).status).toBe(503);
  });

  it('of a body that cannot be read names what is wrong', async () => {
    const { ask } = await gatewayBench();
    expect((await ask(CHAT, '{"messages":')).status).toBe(400);
    const { status, json } = await ask(CHAT, { messages: [{ role: 'robot', content: 'hi' }] });
    expect(status).toBe(400);
    expect(json().error.param).toBe('messages.0.role');
  });

  it('shows nothing of a failure that nobody foresaw but the request’s id', async () => {
    const { llm, ask, unexpected } = await gatewayBench();
    llm.metricsText = () => Promise.reject(new Error('secret at /internal/path'));
    const { status, headers, text } = await ask('/metrics');
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(text).toContain(headers.get('x-request-id'));
    expect(unexpected).toHaveLength(1);
  });
});
