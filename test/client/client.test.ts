import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { createLlmClient } from '../../src/client/client.js';
import type { LlmClientOptions } from '../../src/client/options.js';
import { BotllmError } from '../../src/errors.js';
import { LlmEvent } from '../../src/observability/events.js';
import { definePrompt } from '../../src/prompts/define-prompt.js';
import { settingsFromEnv } from '../../src/settings/read.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { completion, raw, refuse, startFakeEngine } from '../support/fake-engine.js';
import { bench, failure, intent } from './setup.js';

const chat = { messages: [{ role: 'user' as const, content: 'hi' }] };

describe('createLlmClient', () => {
  it.each<[string, LlmClientOptions]>([
    ['baseUrl', { baseUrl: 'localhost:11434' }],
    ['baseUrl', { baseUrl: 'ftp://x' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['deadlineMs', { deadlineMs: Number.NaN }],
    ['maxRetries', { maxRetries: -1 }],
    ['rateLimit', { rateLimit: 1.5 }],
    ['maxConcurrency', { maxConcurrency: 0 }],
  ])('refuses a bad %s by name', (name, options) => {
    expect(() => createLlmClient(options)).toThrowError(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringContaining(name) }),
    );
  });

  it.each(['', '/', '/v1', '/v1/'])('takes an address that ends with %j', async (end) => {
    const engine = await startFakeEngine();
    onTestFinished(() => engine.close());
    const llm = createLlmClient({ baseUrl: engine.url + end, store: 'memory' });
    onTestFinished(() => llm.close());
    engine.answerWith(completion('hello'));
    expect(await llm.chat(chat)).toMatchObject({ content: 'hello' });
    expect(engine.seen[0]?.path).toBe('/v1/chat/completions');
  });

  it('takes what settingsFromEnv gives: off until LLM_ENABLED says otherwise', async () => {
    const off = await bench({ ...settingsFromEnv({}) });
    expect(await off.llm.complete(intent('hi'))).toMatchObject({ error: { code: 'DISABLED' } });
    const on = await bench({ ...settingsFromEnv({ LLM_ENABLED: 'true', LLM_RATE_LIMIT: '1' }) });
    expect(await on.llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'model' });
    expect(await on.llm.complete(intent('ho'), { userId: 'u' })).toMatchObject({
      error: { code: 'RATE_LIMIT_EXCEEDED' },
    });
  });

  it('asks nothing and loads nothing heavy before the first call', async () => {
    const { llm, engine } = await bench();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(engine.seen).toHaveLength(0);
    await llm.warmup();
    expect(engine.seen).toHaveLength(0);
  });

  it('sends the key and no headers but those that are meant', async () => {
    const { llm, engine } = await bench({ apiKey: 's3cret' });
    await llm.chat(chat, { cache: false });
    const headers = engine.seen[0]?.headers ?? {};
    expect(headers.authorization).toBe('Bearer s3cret');
    expect(Object.keys(headers).filter((name) => /stainless|openai/i.test(name))).toEqual([]);
    const keyless = await bench();
    await keyless.llm.chat(chat);
    expect(keyless.engine.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('takes nothing from the environment: no key, no address, no header, no log', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-environment');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-environment: 1');
    vi.stubEnv('OPENAI_LOG', 'debug');
    const printed = (['log', 'debug', 'info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });
    const { llm, engine } = await bench({ maxRetries: 0 });
    await llm.chat(chat);
    engine.answerWith(refuse(500));
    await failure(llm.chat(chat, { cache: false }));
    engine.answerWith(raw(200, 'data: {"broken\n\n', 'text/event-stream'));
    await failure(llm.stream(chat, { cache: false }).result());
    expect(engine.seen).toHaveLength(3);
    expect(JSON.stringify(engine.seen.map(({ headers }) => headers))).not.toContain('environment');
    expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it('keeps its connections between calls', async () => {
    const { llm, engine } = await bench({ detect: false });
    for (let i = 0; i < 20; i += 1) await llm.chat(chat, { cache: false });
    // Two, because a connection is free again a moment after its answer was read.
    expect(new Set(engine.seen.map(({ clientPort }) => clientPort)).size).toBeLessThanOrEqual(2);
  });

  it.each(['', 'two words', 'line\nbreak', 'ж', 'x'.repeat(129)])(
    'refuses %j as a request id',
    async (requestId) => {
      const { llm, engine } = await bench();
      expect(await failure(llm.chat(chat, { requestId }))).toMatchObject({ code: 'INVALID_REQUEST' });
      expect(engine.seen).toHaveLength(0);
    },
  );

  it.each([
    { messages: [] },
    { messages: [{ role: 'tool', content: 'x' }] },
    { messages: [{ role: 'user', content: 5 }] },
    { messages: 'hi' },
    { ...chat, maxTokens: 0 },
    { ...chat, temperature: 3 },
    { ...chat, extra: null },
    { ...chat, extra: 'x' },
    { ...chat, extra: [1] },
    { ...chat, extra: () => {} },
  ])('refuses a chat that cannot be asked: %j', async (request) => {
    const { llm } = await bench();
    expect(await failure(llm.chat(request as never))).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('refuses fields that no JSON can hold', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const { llm } = await bench();
    for (const extra of [circle, { big: 1n }]) {
      expect(await failure(llm.chat({ ...chat, extra }))).toMatchObject({ code: 'INVALID_REQUEST' });
    }
  });

  it('completePrompt continues a text', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(completion(' upon a time'));
    const result = await llm.completePrompt({ prompt: 'Once', maxTokens: 5 });
    expect(result).toMatchObject({ content: ' upon a time', source: 'model', data: undefined });
    expect(engine.seen[0]).toMatchObject({
      path: '/v1/completions',
      body: { prompt: 'Once', max_tokens: 5 },
    });
    expect(await llm.metricsText()).toContain('llm_requests_total{type="completion",status="success"} 1');
  });

  it('a chat cut at its length is given with its finish reason, and not kept', async () => {
    const { llm, engine } = await bench();
    engine.answerWith(completion('Hel', { finish: 'length' }));
    expect(await llm.chat(chat)).toMatchObject({ content: 'Hel', finishReason: 'length' });
    await llm.chat(chat);
    expect(engine.seen).toHaveLength(2);
  });

  it("onFailure: 'throw' gives the error, per call and per client; a task without a fallback always does", async () => {
    const { llm, engine } = await bench({ maxRetries: 0 });
    engine.answerWith(refuse(400));
    expect(await failure(llm.complete(intent('a'), { onFailure: 'throw' }))).toMatchObject({
      code: 'INVALID_REQUEST',
    });
    const yesNo = definePrompt({
      id: 'yes_no',
      version: 1,
      schema: () => z.object({ yes: z.boolean() }),
      build: (input: { question: string }) => ({ system: 'Yes or no?', user: input.question }),
      check: (answer) => answer.yes,
    });
    expect(await failure(llm.complete(yesNo({ question: '?' })))).toMatchObject({ code: 'INVALID_REQUEST' });
    engine.answerWith(completion('{"yes":true}'));
    const { data } = await llm.complete(yesNo({ question: '?' }));
    expect(data satisfies boolean).toBe(true);
    const strict = await bench({ onFailure: 'throw', enabled: false });
    expect(await failure(strict.llm.complete(intent('a')))).toMatchObject({ code: 'DISABLED' });
  });

  it('two scopes share neither answers nor quotas; two clients of one scope share both', async () => {
    const store = createMemoryStore();
    const shop = { store, scope: 'shop', rateLimit: 1 };
    const [a, b, other] = [await bench(shop), await bench(shop), await bench({ ...shop, scope: 'bank' })];
    expect(await a.llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'model' });
    expect(await b.llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'cache' });
    expect(await b.llm.complete(intent('ho'), { userId: 'u' })).toMatchObject({
      error: { code: 'RATE_LIMIT_EXCEEDED' },
    });
    expect(await other.llm.complete(intent('hi'), { userId: 'u' })).toMatchObject({ source: 'model' });
  });

  it('a store that fails costs neither answers nor the limit, and is told once', async () => {
    const gone = () => Promise.reject(new BotllmError('STORE_UNAVAILABLE', 'gone'));
    const store = { ...createMemoryStore(), cacheGet: gone, cachePut: gone, take: gone, refund: gone };
    const { llm, told } = await bench({ store, rateLimit: 2 });
    const results = [];
    for (const message of ['a', 'b', 'c']) results.push(await llm.complete(intent(message), { userId: 'u' }));
    expect(results.map(({ source }) => source)).toEqual(['model', 'model', 'fallback']);
    expect(results[2]?.error?.code).toBe('RATE_LIMIT_EXCEEDED');
    expect(told().filter((event) => event === 'llm_store_degraded')).toHaveLength(1);
  });

  it('tells events that keep their schema, and a listener that throws disturbs nothing', async () => {
    const { llm, engine, events } = await bench({ maxRetries: 1 });
    await llm.complete(intent('a'), { userId: 'u' });
    await llm.complete(intent('a'));
    engine.answerWith(refuse(500));
    await llm.complete(intent('b'));
    engine.answerWith(completion('nonsense'));
    await llm.complete(intent('c'));
    expect(events.length).toBeGreaterThan(8);
    for (const event of events) expect(LlmEvent.parse(event)).toEqual(event);
    const noisy = await bench({
      onEvent: () => {
        throw new Error('listener');
      },
    });
    expect(await noisy.llm.complete(intent('a'))).toMatchObject({ source: 'model' });
  });

  it('many calls on one signal warn of no leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { llm } = await bench();
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, (_, i) => llm.complete(intent(`m${i % 30}`), { signal })));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });
});
