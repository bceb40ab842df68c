import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asker, CHAT, contentOf, messages } from '../../support/engine-asker.js';
import { writeTinyGguf } from '../../support/tiny-gguf.js';
import { CONTENDERS, type Contender } from './contenders.js';

const folder = mkdtempSync(join(tmpdir(), 'botllm-contract-'));
const model = writeTinyGguf(join(folder, 'tiny.gguf'), { context: 1024 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = '/v1/completions';
const SCHEMA = {
  type: 'object',
  properties: { intent: { enum: ['book', 'cancel'] }, sure: { type: 'boolean' } },
  required: ['intent', 'sure'],
  additionalProperties: false,
};
const asSchema = {
  response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } },
};
const words = (n: number) => ({ role: 'user', content: 'a b '.repeat(n) });

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
type Json = any;

describe.each(CONTENDERS)('$name, with a tiny model of noise', ({ missing, ready }) => {
  describe.skipIf(missing)('keeps the contract', () => {
    let engine: Contender;
    let ask: Asker;
    beforeAll(async () => {
      engine = await ready(model, { context: 512, slots: 2 });
      ask = new Asker(engine);
    });
    afterAll(async () => {
      await engine?.kill();
    });
    const get = (path: string) => fetch(engine.url + path);
    const complete = async (body: Record<string, unknown>): Promise<Json> => {
      const reply = await engine.post(TEXT, { prompt: 'once', temperature: 0, max_tokens: 4, ...body });
      return reply.json();
    };

    it('is healthy: 200 and status ok, at both addresses', async () => {
      for (const path of ['/health', '/v1/health']) {
        const reply = await get(path);
        expect(reply.status).toBe(200);
        expect(await reply.json()).toMatchObject({ status: 'ok' });
      }
    });

    it('lists its one model with what a client wants to know of it', async () => {
      const list: Json = await (await get('/v1/models')).json();
      expect(list.object).toBe('list');
      expect(list.data).toHaveLength(1);
      expect(list.data[0]).toMatchObject({
        id: 'test-model',
        object: 'model',
        created: expect.any(Number),
        owned_by: expect.any(String),
        meta: {
          n_ctx: 512,
          n_ctx_train: 1024,
          n_params: expect.any(Number),
          size: expect.any(Number),
        },
      });
    });

    it('tells Prometheus of itself', async () => {
      const reply = await get('/metrics');
      expect(reply.status).toBe(200);
      expect(await reply.text()).toMatch(/^# TYPE \S+ (counter|gauge)$/m);
    });

    it('answers a chat in OpenAI’s shape, with usage that adds up and timings', async () => {
      const reply = await ask.chat({ max_tokens: 5 });
      expect(reply).toMatchObject({
        id: expect.stringMatching(/^chatcmpl-/),
        object: 'chat.completion',
        created: expect.any(Number),
        model: 'test-model',
        choices: [
          { index: 0, message: { role: 'assistant', content: expect.any(String) }, finish_reason: 'length' },
        ],
      });
      const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details } = reply.usage;
      expect(completion_tokens).toBe(5);
      expect(total_tokens).toBe(prompt_tokens + completion_tokens);
      const { timings } = reply;
      expect(timings).toMatchObject({ predicted_n: 5, cache_n: prompt_tokens_details.cached_tokens });
      expect((timings.cache_n ?? 0) + (timings.prompt_n ?? 0)).toBe(prompt_tokens);
      for (const name of ['prompt_ms', 'prompt_per_token_ms', 'prompt_per_second', 'predicted_ms'])
        expect(timings[name], name).toBeGreaterThan(0);
      for (const name of ['predicted_per_token_ms', 'predicted_per_second'])
        expect(timings[name], name).toBeGreaterThan(0);
    });

    it('completes a raw prompt in OpenAI’s shape', async () => {
      expect(await complete({})).toMatchObject({
        object: 'text_completion',
        model: 'test-model',
        choices: [{ index: 0, text: expect.any(String), finish_reason: 'length' }],
        usage: { completion_tokens: 4 },
        timings: { predicted_n: 4 },
      });
    });

    it('adds usage to a stream when it is asked, in a last chunk without choices, and only then', async () => {
      const plain = await ask.streamed({ max_tokens: 3 });
      expect(plain.chunks.filter((chunk) => chunk.choices.length === 0)).toEqual([]);
      const { chunks } = await ask.streamed({ max_tokens: 3, stream_options: { include_usage: true } });
      expect(chunks.at(-1)).toMatchObject({
        choices: [],
        usage: {
          prompt_tokens: expect.any(Number),
          completion_tokens: 3,
          total_tokens: expect.any(Number),
          prompt_tokens_details: { cached_tokens: expect.any(Number) },
        },
      });
    });

    it('says the same at temperature 0, whatever the seed', async () => {
      const texts = [];
      for (const seed of [1, 2, 3]) texts.push(contentOf(await ask.chat({ max_tokens: 16, seed })));
      expect(new Set(texts).size).toBe(1);
    });

    it('says the same for the same seed, and something else for another', async () => {
      const say = async (seed: number) => contentOf(await ask.chat({ max_tokens: 24, temperature: 1, seed }));
      const [first, again, other] = [await say(7), await say(7), await say(8)];
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    });

    it('understands max_completion_tokens as max_tokens', async () => {
      const reply = await ask.chat({ max_completion_tokens: 3 });
      expect([reply.usage.completion_tokens, reply.choices[0]?.finish_reason]).toEqual([3, 'length']);
    });

    it('keeps to a JSON schema, plain and streamed, and stops when the answer is whole', async () => {
      const reply = await ask.chat({ max_tokens: 200, ...asSchema });
      const data: Json = JSON.parse(contentOf(reply));
      expect(Object.keys(data)).toEqual(['intent', 'sure']);
      expect(['book', 'cancel']).toContain(data.intent);
      expect(data.sure).toBeTypeOf('boolean');
      expect(reply.choices[0]?.finish_reason).toBe('stop');
      const { text } = await ask.streamed({ max_tokens: 200, ...asSchema });
      expect(text).toBe(contentOf(reply));
    });

    it('takes the schema beside json_object, too', async () => {
      const format = { response_format: { type: 'json_object', schema: SCHEMA } };
      const data: Json = JSON.parse(contentOf(await ask.chat({ max_tokens: 200, ...format })));
      expect(Object.keys(data)).toEqual(['intent', 'sure']);
    });

    it('begins an object under a bare json_object', async () => {
      const reply = await ask.chat({ max_tokens: 30, response_format: { type: 'json_object' } });
      expect(contentOf(reply)).toMatch(/^\s*\{/);
    });

    it('computes only what two prompts do not share', async () => {
      const shared = { role: 'system', content: 'You are a careful helper. '.repeat(6) };
      await ask.chat({ messages: [shared, { role: 'user', content: 'one' }], max_tokens: 1 });
      const second = await ask.chat({ messages: [shared, { role: 'user', content: 'two' }], max_tokens: 1 });
      const cached = second.usage.prompt_tokens_details.cached_tokens;
      expect(second.usage.prompt_tokens - cached).toBeLessThan(30);
      expect(cached).toBeGreaterThan(100);
    });

    it('refuses a prompt that does not fit with 400, its type and both numbers', async () => {
      const { status, error } = await ask.refused(CHAT, { messages: [words(600)] });
      expect([status, error.type, error.code]).toEqual([400, 'exceed_context_size_error', 400]);
      expect(error.n_ctx).toBe(512);
      expect(error.n_prompt_tokens).toBeGreaterThan(512);
      expect(error.message).toMatch(/context/);
    });

    it('counts a chat as it then reads it: the prompt of its template, and that prompt’s tokens', async () => {
      const asked = { messages: [...messages, words(20)] };
      const { prompt }: Json = await (await engine.post('/apply-template', asked)).json();
      const counted = { content: prompt, add_special: true, parse_special: true };
      const { tokens }: Json = await (await engine.post('/tokenize', counted)).json();
      const { usage } = await ask.chat({ ...asked, max_tokens: 1 });
      expect(tokens).toHaveLength(usage.prompt_tokens);
      const { tokens: raw }: Json = await (
        await engine.post('/tokenize', { ...counted, content: 'once upon' })
      ).json();
      expect(raw).toHaveLength((await complete({ prompt: 'once upon' })).usage.prompt_tokens);
    });

    it('stops at the end of the context, never shifts it', async () => {
      const reply = await ask.chat({ messages: [words(110)] });
      expect(reply.usage.total_tokens).toBeLessThanOrEqual(512);
      expect(reply.choices[0]?.finish_reason).toBe('length');
    });

    it.each([
      ['no messages', {}],
      ['messages that are no list', { messages: 'hi' }],
      ['top_logprobs without logprobs', { messages, top_logprobs: 3 }],
      ['a response format of no known type', { messages, response_format: { type: 'poem' } }],
    ])('refuses %s with 400 and a reason', async (_, body) => {
      const { status, error } = await ask.refused(CHAT, { max_tokens: 1, ...body });
      expect([status, error.type, error.code]).toEqual([400, 'invalid_request_error', 400]);
      expect(error.message).toMatch(/\S/);
    });

    it('has nothing at an address that it does not know: 404 in the shape of all errors', async () => {
      const reply = await get('/v1/nonsense');
      expect([reply.status, ((await reply.json()) as Json).error.code]).toEqual([404, 404]);
    });

    it('answers more at once than it has slots, each as if alone', async () => {
      const prompts = ['one', 'two', 'three', 'four', 'five'].map((content) => ({
        messages: [{ role: 'user', content }],
      }));
      const alone = [];
      for (const body of prompts) alone.push(contentOf(await ask.chat({ ...body, max_tokens: 20 })));
      const together = await Promise.all(prompts.map((body) => ask.chat({ ...body, max_tokens: 20 })));
      expect(together.map(contentOf)).toEqual(alone);
    });

    it('lets go of a slot when its client goes away', async () => {
      const gone = [1, 2].map(async (n) => {
        const abort = new AbortController();
        const body = { messages: [{ role: 'user', content: `go ${n}` }], max_tokens: 480, stream: true };
        const reply = await engine.post(CHAT, body, { signal: abort.signal });
        await reply.body?.getReader().read();
        abort.abort();
      });
      await Promise.all(gone);
      // Both slots were busy; a newcomer would otherwise wait for hundreds of tokens, and these two for ever.
      const replies = await Promise.race([
        Promise.all([ask.chat({ max_tokens: 2 }), ask.chat({ max_tokens: 2 })]),
        sleep(60_000, null, { ref: false }),
      ]);
      expect(replies?.map((reply) => reply.usage.completion_tokens)).toEqual([2, 2]);
    });
  });
});
