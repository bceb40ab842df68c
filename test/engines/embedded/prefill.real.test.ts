import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineUnderTest } from '../../support/engine-process.js';
import { realModel } from '../../support/real-model.js';

const CHAT = '/v1/chat/completions';
const PIECES = 'botllm_engine_prefill_pieces_total';
/** A prompt of about ten tokens a sentence; the number makes each one different from the start. */
const long = (n: number, sentences: number) => ({
  messages: [
    {
      role: 'user',
      content: `Story ${n}. ${'The quick brown fox jumps over the lazy dog. '.repeat(sentences)}`,
    },
  ],
  max_tokens: 1,
  temperature: 0,
});
const short = { messages: [{ role: 'user', content: 'Say hello.' }], max_tokens: 1, temperature: 0 };

let engine: EngineUnderTest;
beforeAll(async () => {
  engine = await EngineUnderTest.ready(realModel(), { slots: 4, context: 2048 });
});
afterAll(async () => {
  await engine?.kill();
});

const pieces = () => engine.metric(PIECES);
interface Reply {
  model: string;
  choices: { message: { content: string }; logprobs?: { content: { bytes: number[] }[] } }[];
  usage: {
    prompt_tokens: number;
    completion_tokens: number;
    prompt_tokens_details: { cached_tokens: number };
  };
}
const post = async (body: unknown) => (await (await engine.post(CHAT, body)).json()) as Reply;

describe('a real model', () => {
  it('answers a real sentence in words', async () => {
    const reply = await post({ ...short, max_tokens: 24 });
    expect(reply.choices[0]?.message.content).toMatch(/[a-z]{2,}/i);
    expect(reply.choices[0]?.message.content).not.toMatch(/<\|im_/);
    expect(reply.usage.prompt_tokens).toBeGreaterThan(20);
  });

  it('keeps to a schema in Russian', async () => {
    const schema = {
      type: 'object',
      properties: {
        intent: { enum: ['запись', 'отмена', 'unknown'] },
        note: { type: 'string', maxLength: 20 },
      },
      required: ['intent', 'note'],
      additionalProperties: false,
    };
    const reply = await post({
      ...short,
      messages: [{ role: 'user', content: 'хочу записаться на завтра к мастеру' }],
      max_tokens: 120,
      logprobs: true,
      top_logprobs: 20,
      response_format: { type: 'json_schema', json_schema: { name: 'intent', schema } },
    });
    const data = JSON.parse(reply.choices[0]?.message.content ?? '') as { intent: string; note: string };
    expect(['запись', 'отмена', 'unknown']).toContain(data.intent);
    expect([...data.note].length).toBeLessThanOrEqual(20);
    const bytes = reply.choices[0]?.logprobs?.content.flatMap((entry) => entry.bytes);
    expect(Buffer.from(bytes ?? []).toString()).toBe(reply.choices[0]?.message.content);
  });
});

describe('prefill goes in pieces', () => {
  it('of at most 128 tokens, and a second message recomputes only its own tail', async () => {
    const before = await pieces();
    const first = await post(long(1, 80));
    const used = (await pieces()) - before;
    expect(used).toBe(
      Math.ceil((first.usage.prompt_tokens - first.usage.prompt_tokens_details.cached_tokens) / 128),
    );
    expect(used).toBeGreaterThan(5);
    const again = long(1, 80);
    again.messages[0] = { role: 'user', content: `${again.messages[0]?.content}And then?` };
    const second = await post(again);
    expect(second.usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(700);
    expect((await pieces()) - before - used).toBe(1);
  });

  it('so a client that goes away stops its prompt after one piece at most', async () => {
    const before = await pieces();
    const controller = new AbortController();
    const call = engine.post(CHAT, long(2, 185), { signal: controller.signal }).catch(() => undefined);
    await engine.until(async () => (await pieces()) > before + 1, 5);
    const seen = await pieces();
    controller.abort();
    await call;
    await engine.until(async () => (await engine.health()).busy === 0, 5);
    // The piece that was running, and one that may have begun between reading the count and the abort.
    expect((await pieces()) - seen).toBeLessThanOrEqual(2);
  });

  it('so a newcomer waits for one piece at most, also beside several long prompts', async () => {
    const before = await pieces();
    const order: string[] = [];
    const enough = new AbortController();
    const prompts = [3, 4, 5].map(async (n) => {
      const { status } = await engine.post(CHAT, long(n, 185), { signal: enough.signal });
      order.push(`long ${status}`);
    });
    await engine.until(async () => (await engine.health()).busy === 3 && (await pieces()) > before + 3, 5);
    const seen = await pieces();
    await post(short);
    order.push('short');
    // Its own piece, the running one, and those that began while the request travelled; 45 without turns.
    expect((await pieces()) - seen).toBeLessThanOrEqual(5);
    expect(order).toEqual(['short']);
    enough.abort();
    await Promise.allSettled(prompts);
  });
});
