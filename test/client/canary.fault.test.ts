import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { jsonLine } from '../../src/observability/json-line.js';
import { completion, type Reply, raw, refuse, silent, startFakeEngine } from '../support/fake-engine.js';

const QUESTION = 'canary-question-пароль';
const ANSWER = 'canary-answer-ответ';
const USER = 'canary-user-42';
const KEY = 'canary-key-s3cret';
/** What breaks lines, colours terminals and turns text round. */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f]/;

/** Says back what it was told, whatever it answers. */
const echoing: Reply = (response, request) => {
  const text = JSON.stringify(request.body);
  const echo = `${ANSWER} ${text} ${request.headers.authorization}`;
  const reply = text.includes('#refused')
    ? refuse(400, { message: echo, type: echo, code: echo })
    : text.includes('#garbage')
      ? raw(200, `{"choices": ${echo}`)
      : text.includes('#cut')
        ? completion(echo, { finish: null })
        : text.includes('#silent')
          ? silent
          : text.includes('#limited')
            ? refuse(500, { message: echo })
            : completion(JSON.stringify({ intent: 'help', entities: [{ name: 'other', value: ANSWER }] }));
  return reply(response, request);
};

it('no question, answer, user or key gets into events, metrics or any output, also with OPENAI_LOG=debug', async () => {
  const engine = await startFakeEngine();
  onTestFinished(() => engine.close());
  engine.answerWith(echoing);
  const fixture = fileURLToPath(new URL('./fixtures/canary.mjs', import.meta.url));
  const job = {
    baseUrl: engine.url,
    question: QUESTION,
    user: USER,
    key: KEY,
    model: 'm\u001b[31m\nllm_success',
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [fixture, JSON.stringify(job)], {
    env: { ...process.env, OPENAI_LOG: 'debug', DEBUG: '*' },
    timeout: 60_000,
  });
  // It did reach the engine, and every kind of ending was told.
  expect(JSON.stringify(engine.seen)).toContain(QUESTION);
  expect(engine.seen[0]?.headers.authorization).toContain(KEY);
  for (const told of ['llm_success', 'llm_cache_hit', 'llm_retry', 'llm_fallback', 'llm_rate_limit_exceeded'])
    expect(new Set(stdout.match(/llm_[a-z_]+(?=")/g))).toContain(told);
  for (const canary of [QUESTION, ANSWER, USER, KEY, 'canary']) {
    expect(stdout).not.toContain(canary);
    expect(stderr).not.toContain(canary);
  }
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(UNSAFE);
  expect(stdout.split('\n').filter((line) => line.startsWith('llm_success'))).toEqual([]);
});

it('a line of the event log steers no terminal, and reads back as it was', () => {
  const event = { model: 'a\u001b[2J\u009b31m\r\n\u2028\u202E\u2066"\\b\u007f' };
  const line = jsonLine(event);
  expect(line.slice(0, -1)).toMatch(/^[\u0020-\u007e]+$/);
  expect(JSON.parse(line)).toEqual(event);
});
