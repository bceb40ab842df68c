import { describe, expect, it } from 'vitest';
import { contentOf, type Logprob, logprobsOf, messages } from '../../support/engine-asker.js';
import { tinyEngine } from '../../support/tiny-engine.js';

const { ask } = await tinyEngine();

describe('answers held by a grammar', () => {
  it('are JSON objects for json_object, whatever the seed', async () => {
    for (let seed = 0; seed < 6; seed++) {
      const reply = await ask.chat({
        temperature: 1,
        seed,
        max_tokens: 400,
        response_format: { type: 'json_object' },
      });
      if (reply.choices[0]?.finish_reason === 'length') continue;
      expect(JSON.parse(contentOf(reply))).toBeTypeOf('object');
    }
  });

  it.each([
    [
      "OpenAI's shape",
      (schema: unknown) => ({ type: 'json_schema', json_schema: { name: 'answer', schema } }),
    ],
    ["llama-server's shape", (schema: unknown) => ({ type: 'json_object', schema })],
  ])('keep to a schema in %s, and end with it', async (_name, format) => {
    const schema = {
      type: 'object',
      properties: {
        intent: { enum: ['book', 'cancel', 'unknown'] },
        entities: {
          type: 'object',
          additionalProperties: { type: 'string', maxLength: 8 },
          maxProperties: 0,
        },
        sure: { type: 'boolean' },
      },
      required: ['intent', 'entities', 'sure'],
      additionalProperties: false,
    };
    for (let seed = 0; seed < 5; seed++) {
      const reply = await ask.chat({
        temperature: 1,
        seed,
        max_tokens: 200,
        response_format: format(schema),
      });
      const data = JSON.parse(contentOf(reply));
      expect(Object.keys(data)).toEqual(['intent', 'entities', 'sure']);
      expect(['book', 'cancel', 'unknown']).toContain(data.intent);
      expect(reply.choices[0]?.finish_reason).toBe('stop');
      expect(contentOf(reply)).toBe(contentOf(reply).trim());
    }
  });

  it('never come with half a character, in a stream of single bytes', async () => {
    const words = ['Привет, мир 😀👍🏽', 'Записать на завтра?'];
    const schema = { type: 'object', properties: { say: { enum: words } }, required: ['say'] };
    const { texts, text } = await ask.streamed({
      max_tokens: 200,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    expect(words).toContain(JSON.parse(text).say);
    expect(texts.filter((part) => part !== '').length).toBeGreaterThan(10);
    for (const part of texts) expect(part).not.toContain('\uFFFD');
  });

  it('are refused with 400 when no grammar can hold the schema', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^x$' } } };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    const { status, error } = await ask.refused('/v1/chat/completions', { messages, response_format });
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'response_format' });
    expect(error.message).toContain('pattern');
  });
});

describe('probabilities', () => {
  const sumOf = (entry: Logprob | undefined) =>
    (entry?.top_logprobs ?? []).reduce((sum, top) => sum + Math.exp(top.logprob), 0);

  it('come for every token with as many alternatives as asked', async () => {
    const content = logprobsOf(await ask.chat({ max_tokens: 6, logprobs: true, top_logprobs: 4 }));
    expect(content).toHaveLength(6);
    for (const entry of content) {
      expect(entry.top_logprobs).toHaveLength(4);
      expect(entry.logprob).toBeLessThanOrEqual(0);
      expect(sumOf(entry)).toBeLessThanOrEqual(1.0001);
      // At temperature 0 the chosen one is the best one.
      expect(entry.logprob).toBe(entry.top_logprobs[0]?.logprob);
    }
    expect(logprobsOf(await ask.chat({ max_tokens: 2, logprobs: true }))[0]?.top_logprobs).toEqual([]);
    expect((await ask.chat({ max_tokens: 2 })).choices[0]?.logprobs).toBeNull();
  });

  it("are the model's own, before temperature and grammar", async () => {
    const first = async (body: Record<string, unknown>) =>
      logprobsOf(await ask.chat({ max_tokens: 30, logprobs: true, top_logprobs: 20, ...body }))[0];
    const raw = await first({});
    const hot = await first({ temperature: 2, seed: 3 });
    const schema = { type: 'object', properties: { a: { enum: ['x', 'y'] } }, required: ['a'] };
    const held = await first({
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    for (const other of [hot, held]) {
      expect(other?.top_logprobs.map((top) => top.token)).toEqual(raw?.top_logprobs.map((top) => top.token));
      other?.top_logprobs.forEach((top, i) => {
        expect(top.logprob).toBeCloseTo(raw?.top_logprobs[i]?.logprob ?? 0, 2);
      });
    }
    // The grammar forced a bracket that the model itself would hardly have written.
    expect(held?.token).toBe('{');
    expect(held?.logprob).toBeLessThan(-1);
  });

  it('of an answer under a grammar are those of its every token, as the model reads it', async () => {
    const schema = { type: 'object', properties: { a: { enum: ['привет'] } }, required: ['a'] };
    const reply = await ask.chat({
      max_tokens: 60,
      logprobs: true,
      top_logprobs: 2,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    const content = logprobsOf(reply);
    expect(content).toHaveLength(reply.usage.completion_tokens);
    for (const entry of content) expect(sumOf(entry)).toBeLessThanOrEqual(1.0001);
    // Cyrillic comes in halves of letters here; the bytes of all tokens together are the answer.
    expect(Buffer.from(content.flatMap((entry) => entry.bytes ?? [])).toString()).toBe(contentOf(reply));
  });

  it('stream with the text they belong to', async () => {
    const { chunks } = await ask.streamed({ max_tokens: 12, logprobs: true, top_logprobs: 1 });
    const entries = chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? []);
    expect(entries).toHaveLength(12);
  });

  it('are refused where they could not be true', async () => {
    const response_format = { type: 'json_object' };
    const both = await ask.refused('/v1/chat/completions', {
      messages,
      stream: true,
      logprobs: true,
      response_format,
    });
    expect(both).toMatchObject({ status: 400, error: { param: 'logprobs' } });
    const alone = await ask.refused('/v1/chat/completions', { messages, top_logprobs: 3 });
    expect(alone).toMatchObject({ status: 400, error: { param: 'top_logprobs' } });
  });
});
