import { describe, expect, it } from 'vitest';
import { HealthReply } from '../../../src/engines/embedded/health-reply.js';
import { type Chat, contentOf } from '../../support/engine-asker.js';
import { readSse } from '../../support/engine-process.js';
import { tinyEngine } from '../../support/tiny-engine.js';

const CONTEXT = 512;
const { engine, ask } = await tinyEngine();

describe('the engine tells about itself', () => {
  it('is healthy only with everything that the launcher reads', async () => {
    for (const path of ['/health', '/v1/health']) {
      const reply = await fetch(engine.url + path);
      expect(reply.status).toBe(200);
      const health = HealthReply.parse(await reply.json());
      expect(health).toMatchObject({
        status: 'ok',
        phase: 'ready',
        instanceId: engine.job.instanceId,
        model: 'test-model',
        device: 'cpu',
        context: CONTEXT,
        slots: 2,
        pid: engine.child.pid,
      });
    }
  });

  it('lists the one model with its size and context', async () => {
    const { data } = (await (await fetch(`${engine.url}/v1/models`)).json()) as {
      data: Record<string, unknown>[];
    };
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      id: 'test-model',
      meta: { n_ctx_train: CONTEXT, n_ctx: CONTEXT, n_params: expect.any(Number), size: expect.any(Number) },
    });
  });

  it("counts under llama-server's metric names", async () => {
    const before = await engine.metric('llamacpp:tokens_predicted_total');
    await ask.chat({ max_tokens: 5 });
    expect(await engine.metric('llamacpp:tokens_predicted_total')).toBe(before + 5);
    for (const name of [
      'llamacpp:requests_processing',
      'llamacpp:requests_deferred',
      'llamacpp:prompt_tokens_total',
      'llamacpp:prompt_seconds_total',
      'llamacpp:tokens_predicted_seconds_total',
    ]) {
      expect(await engine.metric(name)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('chat completions', () => {
  it("answer in OpenAI's shape with usage and llama-server's timings", async () => {
    const reply = await ask.chat({ max_tokens: 7 });
    expect(reply).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: expect.any(String) }, finish_reason: 'length' }],
      usage: { completion_tokens: 7 },
    });
    expect(reply.usage.total_tokens).toBe(reply.usage.prompt_tokens + 7);
    expect(reply.timings.predicted_n).toBe(7);
    expect((reply.timings.cache_n ?? 0) + (reply.timings.prompt_n ?? 0)).toBe(reply.usage.prompt_tokens);
    for (const name of [
      'prompt_ms',
      'prompt_per_token_ms',
      'prompt_per_second',
      'predicted_ms',
      'predicted_per_token_ms',
      'predicted_per_second',
    ]) {
      expect(reply.timings[name]).toBeGreaterThan(0);
    }
  });

  it('stream the same text that they answer plainly', async () => {
    const plain = await ask.chat({ max_tokens: 40 });
    const { text, chunks, done } = await ask.streamed({ max_tokens: 40 });
    expect(text).toBe(contentOf(plain));
    expect(chunks[0].choices[0].delta.role).toBe('assistant');
    expect(chunks.slice(1).every((chunk) => chunk.choices[0].delta.role === undefined)).toBe(true);
    expect(chunks.at(-1).choices[0].finish_reason).toBe('length');
    expect(chunks.at(-1).timings.predicted_n).toBe(40);
    expect(chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
    expect(done).toBe(true);
  });

  it('put usage into a last chunk without choices, on request', async () => {
    const { chunks, done } = await ask.streamed({ max_tokens: 6, stream_options: { include_usage: true } });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 6 } });
    expect(chunks.filter((chunk) => chunk.usage)).toHaveLength(1);
    expect(done).toBe(true);
  });

  it('are answered by the loaded model whatever model was named, and say which', async () => {
    for (const model of ['gpt-4o', '', undefined])
      expect((await ask.chat({ model, max_tokens: 1 })).model).toBe('test-model');
  });

  it('ignore fields that they do not know', async () => {
    const known = await ask.chat({ max_tokens: 8 });
    const more = await ask.chat({
      max_tokens: 8,
      frequency_penalty: 2,
      logit_bias: { 5: 100 },
      user: 'u',
      cache_prompt: false,
    });
    expect(contentOf(more)).toBe(contentOf(known));
  });

  it('repeat themselves for the same seed and differ for others', async () => {
    const say = async (seed: number) => contentOf(await ask.chat({ temperature: 1.5, seed, max_tokens: 30 }));
    const [first, again] = [await say(11), await say(11)];
    expect(again).toBe(first);
    const others = await Promise.all([12, 13, 14].map(say));
    expect(others.some((text) => text !== first)).toBe(true);
  });

  it('take max_completion_tokens as well', async () => {
    expect((await ask.chat({ max_completion_tokens: 3, max_tokens: 9 })).usage.completion_tokens).toBe(3);
  });

  it('never show a stop string, not even one that comes over several tokens', async () => {
    const whole = contentOf(await ask.chat({ max_tokens: 60 }));
    let checked = 0;
    for (let at = 4; at < whole.length - 5; at += 7) {
      const stop = whole.slice(at, at + 4);
      const expected = whole.slice(0, whole.indexOf(stop));
      const reply = await ask.chat({ max_tokens: 60, stop: ['\u0000never', stop] });
      expect(contentOf(reply)).toBe(expected.trim() === '' ? contentOf(reply) : expected);
      expect(contentOf(reply)).not.toContain(stop);
      expect(reply.choices[0]?.finish_reason).toBe('stop');
      expect((await ask.streamed({ max_tokens: 60, stop })).text).toBe(contentOf(reply));
      checked += 1;
    }
    expect(checked).toBeGreaterThan(3);
  });
});

describe('raw completions', () => {
  it('answer plainly and in streams', async () => {
    const body = { prompt: 'Once upon', max_tokens: 9, temperature: 0 };
    const plain = (await (await engine.post('/v1/completions', body)).json()) as {
      object: string;
      choices: { text: string; finish_reason: string }[];
      usage: { completion_tokens: number };
    };
    expect(plain).toMatchObject({ object: 'text_completion', choices: [{ finish_reason: 'length' }] });
    expect(plain.usage.completion_tokens).toBe(9);
    const { events, done } = await readSse(await engine.post('/v1/completions', { ...body, stream: true }));
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what this test checks
    expect((events as any[]).map((event) => event.choices[0].text).join('')).toBe(plain.choices[0]?.text);
    expect(done).toBe(true);
  });
});

describe('a prompt', () => {
  it('begins with one BOS, whether or not it brings its own', async () => {
    const count = async (prompt: string) => {
      const reply = await engine.post('/v1/completions', { prompt, max_tokens: 1 });
      return ((await reply.json()) as Chat).usage.prompt_tokens;
    };
    expect(await count('<s>abc')).toBe(await count('abc'));
    expect(await count('abc')).toBe(4);
  });
});
