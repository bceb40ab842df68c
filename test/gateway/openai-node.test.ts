import OpenAI, { APIError, AuthenticationError, RateLimitError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failure } from '../client/setup.js';
import { eventually } from '../support/eventually.js';
import { completion, event, startStream, streamed } from '../support/fake-engine.js';
import { type GatewayBench, gatewayBench } from './setup.js';

const HI = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] } as const;
const chat = () => ({ ...HI, messages: [...HI.messages] });

/** OpenAI's client for Node as anybody makes one: only the address is another. */
async function openai(wish: Parameters<typeof gatewayBench>[0] = {}, apiKey = 'none') {
  const bench: GatewayBench = await gatewayBench(wish);
  return { ...bench, client: new OpenAI({ baseURL: `${bench.url}/v1`, apiKey }) };
}

describe('OpenAI’s client for Node', () => {
  it('chats, and finds the request’s id', async () => {
    const { client, engine } = await openai();
    engine.script(completion('hello'));
    const answer = await client.chat.completions.create(chat());
    expect(answer.choices[0]?.message.content).toBe('hello');
    expect(answer.usage?.total_tokens).toBe(120);
    expect(answer._request_id).toBe(engine.seen[0]?.headers['x-request-id']);
  });

  it('reads a stream to its end', async () => {
    const { client, engine } = await openai();
    engine.script(streamed(['one ', 'two']));
    const usage = { include_usage: true };
    const stream = await client.chat.completions.create({ ...chat(), stream: true, stream_options: usage });
    let text = '';
    let tokens: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    expect([text, tokens]).toEqual(['one two', 12]);
  });

  it('gathers a stream by its helper', async () => {
    const { client, engine } = await openai();
    engine.script(streamed(['one ', 'two']));
    const runner = client.chat.completions.stream(chat());
    const deltas: string[] = [];
    runner.on('content', (delta) => deltas.push(delta));
    const whole = await runner.finalChatCompletion();
    expect(deltas).toEqual(['one ', 'two']);
    expect(whole.choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'one two' },
      finish_reason: 'stop',
    });
  });

  it('parses an answer that a schema holds', async () => {
    const { client, engine } = await openai();
    engine.script(completion('{"city":"Paris"}'));
    const response_format = zodResponseFormat(z.object({ city: z.string() }), 'place');
    const { choices } = await client.chat.completions.parse({ ...chat(), response_format });
    expect(choices[0]?.message.parsed).toEqual({ city: 'Paris' });
    expect(engine.seen[0]?.body.response_format).toMatchObject({
      json_schema: { name: 'place', schema: { required: ['city'] } },
    });
  });

  it('continues a text, and lists the models', async () => {
    const { client, engine } = await openai({ client: { model: undefined } });
    engine.script(completion(' upon'));
    const { choices } = await client.completions.create({ model: 'x', prompt: 'Once' });
    expect(choices[0]?.text).toBe(' upon');
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toEqual(['fake-model']);
    expect((await client.models.retrieve('fake-model')).owned_by).toBe('botllm');
  });

  it.each(['plain', 'streamed', 'helper'] as const)('aborts at the engine, too: %s', async (way) => {
    const { client, engine } = await openai();
    engine.answerWith(async (response) => {
      if (way === 'plain') return;
      startStream(response);
      event(response, { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] });
    });
    const control = new AbortController();
    const { signal } = control;
    const asking =
      way === 'plain'
        ? client.chat.completions.create(chat(), { signal })
        : way === 'helper'
          ? client.chat.completions.stream(chat(), { signal }).done()
          : client.chat.completions.create({ ...chat(), stream: true }, { signal }).then(async (stream) => {
              for await (const _ of stream);
            });
    asking.catch(() => {});
    await eventually(async () => engine.seen[0]);
    control.abort();
    await eventually(async () => engine.seen[0]?.closedEarly || undefined);
  });

  it('hears of a limit once: it does not try again', async () => {
    const { client, engine, events } = await openai({ client: { rateLimit: 1, cacheTtlMs: 0 } });
    await client.chat.completions.create({ ...chat(), user: 'ann' });
    const error = await failure(client.chat.completions.create({ ...chat(), user: 'ann' }));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(engine.seen).toHaveLength(1);
    expect(events.filter((e) => e.event === 'llm_rate_limit_exceeded')).toHaveLength(1);
  });

  it('throws where the engine cuts a stream, and does not take it for whole', async () => {
    const { client, engine } = await openai();
    engine.script(streamed(['half'], { done: false }));
    const stream = await client.chat.completions.create({ ...chat(), stream: true });
    let text = '';
    const error = await failure(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      })(),
    );
    expect(text).toBe('half');
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ code: 'incomplete_response' });
  });

  it('sends its key, and hears when that is wrong', async () => {
    const keys = ['the-key-of-the-bot'];
    const { client } = await openai({ gateway: { keys } }, 'the-key-of-the-bot');
    await client.chat.completions.create(chat());
    const { client: stranger } = await openai({ gateway: { keys } }, 'another-key');
    expect(await failure(stranger.chat.completions.create(chat()))).toBeInstanceOf(AuthenticationError);
  });
});
