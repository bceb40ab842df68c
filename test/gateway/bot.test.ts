import { describe, expect, it } from 'vitest';
import { completion } from '../support/fake-engine.js';
import { gatewayBench } from './setup.js';

const INTENTS = ['book_service', 'help'];

describe('a bot’s task over HTTP', () => {
  it.each([
    ['availableIntents', { message: 'help me', availableIntents: INTENTS, userId: 'ann' }],
    ['available_intents', { message: 'help me', available_intents: INTENTS, user_id: 'ann' }],
  ])('gives the library’s result object; %s is understood', async (_, body) => {
    const { ask, events } = await gatewayBench();
    const { status, headers, json } = await ask('/v1/bot/intent', body, { 'x-request-id': 'r-1' });
    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toContain('r=9');
    expect(json()).toMatchObject({
      data: { intent: 'help', confidence: null, entities: {} },
      content: JSON.stringify({ intent: 'help', confidence: null, entities: {} }),
      model: 'm',
      source: 'model',
      cached: false,
      attempts: 1,
      requestId: 'r-1',
    });
    expect(events.find(({ event }) => event === 'llm_success')?.task).toBe('intent');
  });

  it('shares its answers with a runtime that asks the library itself', async () => {
    const { ask, llm } = await gatewayBench();
    await ask('/v1/bot/intent', { message: 'help me', availableIntents: INTENTS });
    const { BotPromptConfigs } = await import('../../src/prompts/bot-prompt-configs.js');
    const config = BotPromptConfigs.classifyUserIntent({ message: 'help me', availableIntents: INTENTS });
    expect(await llm.complete(config)).toMatchObject({ source: 'cache' });
  });

  it('validates, makes menus and improves', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(
      completion('{"valid":false,"reason":"Not a date.","suggestion":"2026-05-02"}'),
      completion('{"items":[{"text":"Hair","description":"Cuts"}]}'),
      completion('{"text":"Hello and welcome, {{name}}!"}'),
    );
    const validate = { userInput: 'soon', expectation: 'a date as YYYY-MM-DD', now: '2026-05-01' };
    expect((await ask('/v1/bot/validate', validate)).json().data).toMatchObject({ valid: false });
    const menu = { topic: 'salon services', fallback_items: [{ text: 'Call us' }] };
    expect((await ask('/v1/bot/menu', menu)).json().data).toEqual({
      items: [{ text: 'Hair', description: 'Cuts' }],
    });
    const improve = { text: 'Hi {{name}}', tone: null };
    expect((await ask('/v1/bot/improve', improve)).json().data).toEqual({
      text: 'Hello and welcome, {{name}}!',
    });
  });

  it('counts the days from the day that it is told, which is part of the question', async () => {
    const { engine, ask } = await gatewayBench({ client: { cacheTtlMs: 0 } });
    engine.answerWith(completion('{"valid":true,"reason":"ok","suggestion":""}'));
    for (const now of ['2026-05-01', '2026-05-01T23:59', undefined]) {
      await ask('/v1/bot/validate', { userInput: 'tomorrow', expectation: 'a day not before today', now });
    }
    const days = engine.seen.map(({ body }) => JSON.stringify(body.messages).includes('2026-05-01'));
    expect(days).toEqual([true, true, false]);
  });

  it('is a fallback with its reason while the engine is away: 200, as in the library', async () => {
    const { engine, ask } = await gatewayBench({ client: { maxRetries: 0 } });
    await engine.close();
    const { status, headers, json } = await ask('/v1/bot/intent', {
      message: 'hi',
      availableIntents: INTENTS,
    });
    expect(status).toBe(200);
    expect(headers.get('x-botllm-source')).toBe('fallback');
    expect(json()).toMatchObject({
      data: { intent: 'unknown' },
      source: 'fallback',
      error: { code: 'ENGINE_UNREACHABLE' },
    });
  });

  it.each([
    ['/v1/bot/intent', { message: 'hi' }, 'availableIntents'],
    ['/v1/bot/intent', { message: 'hi', available_intents: ['a', 5] }, 'available_intents.1'],
    ['/v1/bot/intent', { message: 'hi', availableIntents: ['a b'] }, null],
    ['/v1/bot/validate', { userInput: 'x', expectation: 'a date', now: 'soon' }, 'now'],
    ['/v1/bot/menu', { topic: '' }, null],
    ['/v1/bot/improve', { text: 5 }, 'text'],
    ['/v1/bot/improve', [], null],
  ])('at %s refuses what cannot be asked: %j', async (path, body, param) => {
    const { engine, ask } = await gatewayBench();
    const { status, json } = await ask(path, body);
    expect(status).toBe(400);
    expect(json().error).toMatchObject({ type: 'invalid_request_error', param });
    expect(engine.seen).toHaveLength(0);
  });
});
