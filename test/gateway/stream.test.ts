import { describe, expect, it } from 'vitest';
import { event, refuse, startStream, streamed } from '../support/fake-engine.js';
import { gatewayBench, HI } from './setup.js';

const CHAT = '/v1/chat/completions';
const STREAM = { ...HI, stream: true };

describe('a streamed chat', () => {
  it('comes piece by piece in OpenAI’s shape, role first, finish reason last, then [DONE]', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(streamed(['one ', 'two']));
    const { status, headers, events } = await ask(CHAT, STREAM);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    const chunks = events();
    expect(chunks.pop()).toBe('[DONE]');
    const parsed = chunks.map((chunk) => JSON.parse(chunk));
    expect(parsed.map(({ choices: [choice] }) => [choice.delta, choice.finish_reason])).toEqual([
      [{ role: 'assistant', content: 'one ' }, null],
      [{ content: 'two' }, null],
      [{}, 'stop'],
    ]);
    expect(new Set(parsed.map(({ id, object }) => `${id} ${object}`)).size).toBe(1);
    expect(parsed[0].object).toBe('chat.completion.chunk');
  });

  it('ends with the engine’s count of tokens when that is asked for', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(streamed(['a', 'b']));
    const { events } = await ask(CHAT, { ...STREAM, stream_options: { include_usage: true } });
    expect(JSON.parse(events().at(-2) ?? '')).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    });
  });

  it('comes from the cache the second time, in pieces as well', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(streamed(['one ', 'two']));
    await ask(CHAT, STREAM);
    const { headers, events } = await ask(CHAT, STREAM);
    expect(headers.get('x-botllm-source')).toBe('cache');
    expect(events().at(-1)).toBe('[DONE]');
    expect(engine.seen).toHaveLength(1);
  });

  it.each([
    ['breaks off', 'incomplete_response', streamed(['half'], { done: false })],
    ['says [DONE] without a finish reason', 'incomplete_response', streamed(['half'], { done: true })],
    [
      'is reset',
      'engine_unreachable',
      async (response: Parameters<typeof startStream>[0]) => {
        startStream(response);
        event(response, { choices: [{ index: 0, delta: { content: 'half' }, finish_reason: null }] });
        await new Promise((resolve) => setTimeout(resolve, 20));
        response.destroy();
      },
    ],
  ])('that %s at the engine ends with an error, never with a clean [DONE]', async (_, code, reply) => {
    const { engine, ask } = await gatewayBench();
    engine.script(reply);
    const { status, events } = await ask(CHAT, STREAM);
    expect(status).toBe(200);
    expect(events()).not.toContain('[DONE]');
    expect(JSON.parse(events().at(-1) ?? '').error).toMatchObject({
      type: 'server_error',
      code,
    });
  });

  it('that fails before its first piece is refused with a status', async () => {
    const { engine, ask } = await gatewayBench({ client: { maxRetries: 0 } });
    engine.answerWith(refuse(500));
    const { status, headers, json } = await ask(CHAT, STREAM);
    expect(status).toBe(502);
    expect(headers.get('content-type')).toBe('application/json');
    expect(json().error.code).toBe('engine_error');
  });

  it('of a user over his limit is refused with 429', async () => {
    const { ask } = await gatewayBench({ client: { rateLimit: 1, cacheTtlMs: 0 } });
    await ask(CHAT, { ...STREAM, user: 'ann' });
    expect((await ask(CHAT, { ...STREAM, user: 'ann' })).status).toBe(429);
  });

  it('continues a text at /v1/completions', async () => {
    const { engine, ask } = await gatewayBench();
    engine.script(async (response) => {
      startStream(response);
      event(response, { choices: [{ index: 0, text: 'a', finish_reason: null }] });
      event(response, { choices: [{ index: 0, text: 'b', finish_reason: 'stop' }] });
      response.end('data: [DONE]\n\n');
    });
    const { events } = await ask('/v1/completions', { prompt: 'x', stream: true });
    const texts = events()
      .slice(0, -1)
      .map((line) => JSON.parse(line).choices[0].text);
    expect(texts.join('')).toBe('ab');
    expect(events().at(-1)).toBe('[DONE]');
  });
});
