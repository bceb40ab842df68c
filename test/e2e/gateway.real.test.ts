import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServeProcess, serveAs } from '../gateway/served.js';
import { Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { realModel } from '../support/real-model.js';
import { RedisServer, redisIsMissing } from '../support/redis-server.js';

/** Nothing here is a stand-in: the engine that `up` starts with a real model, a real Redis, `serve` as a process. */
describe.skipIf(redisIsMissing)('the gateway over the embedded engine and Redis', () => {
  let redis: RedisServer;
  let operator: Operator;
  let gateway: ServeProcess;
  let enginePid: number;
  const up = async () => {
    const run = await operator.run(
      'up',
      '--engine',
      'embedded',
      '--model',
      realModel(),
      '--gpu',
      'none',
      '--json',
    );
    expect(run).toMatchObject({ exitCode: 0 });
    enginePid = run.json().data.pid as number;
  };
  const ask = (path: string, body?: object) =>
    fetch(`${gateway.url}${path}`, body && { method: 'POST', body: JSON.stringify(body) });
  /** And has said which model it serves, for which a busy machine may need a second try. */
  const ready = async () => {
    const response = await ask('/ready');
    return response.ok && ((await response.json()) as { model: unknown }).model !== null;
  };
  const said = (content: string, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more });

  beforeAll(async () => {
    redis = await RedisServer.start();
    // Patient: two cores may have more to do than this.
    const patience = { LLM_TIMEOUT: '120s', LLM_DEADLINE: '240s' };
    operator = await Operator.create({ REDIS_URL: redis.url, LLM_RATE_LIMIT: '50', ...patience });
    await up();
    gateway = await serveAs(operator);
    await eventually(async () => (await ready()) || undefined);
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await operator?.[Symbol.asyncDispose]();
    await redis?.stop();
  });

  test('a chat has the model’s words and its count of tokens, and then comes from Redis', async () => {
    const question = said('What is the capital of France?', { max_tokens: 60, user: 'ann' });
    const first = await ask('/v1/chat/completions', question);
    const { choices, usage, model } = (await first.json()) as {
      choices: { message: { content: string }; finish_reason: string }[];
      usage: Record<string, number>;
      model: string;
    };
    expect([first.status, first.headers.get('x-botllm-source')]).toEqual([200, 'model']);
    expect(choices[0]?.message.content.length).toBeGreaterThan(0);
    expect(model).toContain('SmolLM2');
    expect(usage.prompt_tokens).toBeGreaterThan(5);
    expect(usage.total_tokens).toBe((usage.prompt_tokens ?? 0) + (usage.completion_tokens ?? 0));
    // An answer that was cut at its length is not kept.
    const again = await ask('/v1/chat/completions', question);
    expect(again.headers.get('x-botllm-source')).toBe(
      choices[0]?.finish_reason === 'stop' ? 'cache' : 'model',
    );
    expect(await redis.cli('KEYS', 'llm:ratelimit:*')).toContain('llm:ratelimit:v1:-:ann');
  });

  test('a stream comes in pieces and ends with [DONE]', async () => {
    const response = await ask(
      '/v1/chat/completions',
      said('Count to five.', { stream: true, max_tokens: 40 }),
    );
    const lines = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data);
    expect(lines.pop()).toBe('[DONE]');
    const texts = lines.map((line) => JSON.parse(line).choices[0]?.delta.content ?? '');
    expect(texts.filter((text) => text !== '').length).toBeGreaterThan(1);
  });

  test.each([
    ['intent', { message: 'book me for tomorrow', available_intents: ['book_service', 'help'] }, 'intent'],
    ['validate', { user_input: 'soon', expectation: 'a date as YYYY-MM-DD' }, 'valid'],
    ['menu', { topic: 'hair salon' }, 'items'],
    ['improve', { text: 'Your order is ready.' }, 'text'],
  ])('%s: a result with checked data, whoever it is from', async (task, body, field) => {
    const response = await ask(`/v1/bot/${task}`, body);
    const result = (await response.json()) as Record<string, unknown> & { data: object; source: string };
    expect(response.status).toBe(200);
    expect(Object.keys(result.data)).toContain(field);
    expect(['model', 'fallback']).toContain(result.source);
    // A model so small may talk nonsense; that it could not be asked is no excuse.
    if (result.source === 'fallback') expect(result.error).toMatchObject({ code: 'INVALID_ANSWER' });
    expect(JSON.parse(String(result.content))).toEqual(result.data);
  });

  test('a stream whose engine is killed ends with an error, never with [DONE]; after `up` it is answered again', async () => {
    const long = said('Count from one to one thousand, in words.', { stream: true, max_tokens: 1500 });
    const response = await ask('/v1/chat/completions', { ...long, temperature: 1.5 });
    let text = '';
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (text === '') process.kill(enginePid, 'SIGKILL');
      text += piece;
    }
    const lines = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data);
    expect(JSON.parse(lines[0] ?? '').choices[0].delta.content).toEqual(expect.any(String));
    expect(lines).not.toContain('[DONE]');
    expect(JSON.parse(lines.at(-1) ?? '').error).toMatchObject({ type: 'server_error' });

    const away = await ask('/ready');
    expect([away.status, ((await away.json()) as { engine: string }).engine]).toEqual([503, 'away']);
    expect((await ask('/v1/chat/completions', said('Anybody there?'))).status).toBe(503);
    expect((await ask('/health')).status).toBe(200);

    await up();
    await eventually(async () => (await ready()) || undefined);
    const back = await eventually(async () => {
      const tried = await ask('/v1/chat/completions', said('Anybody there?', { max_tokens: 8 }));
      // The breaker lets a probe a second pass.
      return tried.status === 503 ? undefined : tried;
    });
    expect([back.status, back.headers.get('x-botllm-source')]).toEqual([200, 'model']);
  });
});
