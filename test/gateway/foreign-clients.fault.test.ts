import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { atHand } from '../support/at-hand.js';
import { eventually } from '../support/eventually.js';
import { completion, event, type Reply, startStream, streamed } from '../support/fake-engine.js';
import { pythonPackage } from '../support/python-packages.js';
import { gatewayBench } from './setup.js';

const HANG_MS = 60_000;
const FETCH_MS = 400_000;
const OPENAI = ['openai', '3.57.0'] as const;
const hasPip = atHand('python3', ['-m', 'pip', '--version'], 'python3-pip');
const SCRIPT = path.join(import.meta.dirname, 'fixtures', 'openai_client.py');

/** Answers by what the last message asks for. */
const obliging: Reply = (response, request) => {
  const asked = request.body.messages?.at(-1)?.content ?? request.body.prompt ?? '';
  if (asked === 'parsed') return completion('{"city":"Paris"}')(response, request);
  if (asked === 'cut') return streamed(['half'], { done: false })(response, request);
  if (asked === 'endless') {
    startStream(response);
    event(response, { choices: [{ index: 0, delta: { content: 'first' }, finish_reason: null }] });
    return;
  }
  if (request.body.stream) return streamed(['one ', 'two'])(response, request);
  return completion('hello')(response, request);
};

describe.runIf(hasPip)('OpenAI’s client for Python', () => {
  let folder: string;
  beforeAll(() => {
    folder = pythonPackage(...OPENAI);
  }, FETCH_MS);

  it('works as against OpenAI: chats, streams, parses, lists, is limited, is told of a cut, leaves', async () => {
    const { engine, url } = await gatewayBench({ client: { model: undefined, rateLimit: 1 } });
    engine.answerWith(obliging);
    const { stdout } = await execa('python3', [SCRIPT, `${url}/v1`], {
      env: { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
      timeout: HANG_MS,
    });
    expect(JSON.parse(stdout)).toEqual({
      plain: ['hello', 'fake-model', 120, engine.seen[0]?.headers['x-request-id']],
      streamed: ['one two', 12],
      helper: [2, 'one two', 'stop'],
      parsed: 'Paris',
      completion: 'hello',
      models: ['fake-model'],
      limited: [429, 'rate_limit_exceeded', true],
      cut: ['half', 'incomplete_response'],
      left: 'first',
      concurrent: Array.from({ length: 8 }, () => 'hello'),
    });
    const of = (text: string) => engine.seen.filter(({ body }) => body.messages?.at(-1)?.content === text);
    expect(of('limited')).toHaveLength(1);
    await eventually(async () => of('endless')[0]?.closedEarly || undefined);
  });
});

describe('curl', () => {
  const curl = async (...args: string[]) =>
    (await execa('curl', ['-s', ...args], { timeout: HANG_MS })).stdout;
  // The guide's own, word for word; only the port is another.
  const guide = (url: string) => ({
    chat: [
      `${url}/v1/chat/completions`,
      '-H',
      'Content-Type: application/json',
      '-d',
      `{
    "model": "microsoft/Phi-3-mini-4k-instruct",
    "messages": [
      {"role": "user", "content": "Привет! Как дела?"}
    ],
    "max_tokens": 100,
    "temperature": 0.2
  }`,
    ],
    text: [
      `${url}/v1/completions`,
      '-H',
      'Content-Type: application/json',
      '-d',
      `{
    "model": "microsoft/Phi-3-mini-4k-instruct",
    "prompt": "Переведи на английский: Привет мир",
    "max_tokens": 50
  }`,
    ],
  });

  it('gets its answers by the guide’s own lines', async () => {
    const { engine, url } = await gatewayBench();
    engine.script(completion('Привет!'), completion('Hello world'));
    const { chat, text } = guide(url);
    expect(JSON.parse(await curl(...chat)).choices[0].message.content).toBe('Привет!');
    expect(JSON.parse(await curl(...text)).choices[0].text).toBe('Hello world');
    expect(engine.seen.map(({ body }) => body.max_tokens)).toEqual([100, 50]);
    expect(engine.seen[0]?.body).toMatchObject({
      messages: [{ role: 'user', content: 'Привет! Как дела?' }],
      temperature: 0.2,
    });
    expect(JSON.parse(await curl(`${url}/health`))).toEqual({ status: 'ok' });
  });

  it('reads a stream, sees a HEAD, and is not left hanging with a body over the limit', async () => {
    const { engine, url } = await gatewayBench({ gateway: { bodyLimitBytes: 2_000_000 } });
    engine.script(streamed(['a', 'b']));
    const body = '{"stream":true,"messages":[{"role":"user","content":"hi"}]}';
    expect(await curl('-N', `${url}/v1/chat/completions`, '-d', body)).toMatch(/data: \[DONE\]\s*$/);
    expect(await curl('-I', `${url}/health`)).toMatch(/^HTTP\/1\.1 200/);
    const large = 'x'.repeat(3_000_000);
    // curl asks leave for a large body first (Expect: 100-continue).
    const refused = await execa(
      'curl',
      ['-s', '-w', '%{http_code}', `${url}/v1/chat/completions`, '-d', '@-'],
      {
        input: large,
        timeout: HANG_MS,
      },
    );
    expect(refused.stdout).toMatch(/413$/);
  });
});
