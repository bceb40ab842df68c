import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { event, startFakeEngine, startStream } from '../support/fake-engine.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';
import { Pty } from '../support/pty.js';

let operator: Operator;
let engine: FakeEngineProcess;

beforeAll(async () => {
  operator = await Operator.create();
  engine = await FakeEngineProcess.start({ mode: 'ready', pieces: 5, usage: true });
});
afterAll(async () => {
  await engine.kill();
  await operator[Symbol.asyncDispose]();
});

const terminal = (...args: string[]) =>
  new Pty([process.execPath, BIN, ...args], { columns: 100, rows: 30, env: operator.env });

describe('botllm chat', () => {
  test('answers a pipe or --prompt as the answer comes, and says on demand who gave it and how fast', async () => {
    const args = ['chat', '--base-url', engine.url, '-p', 'hi', '--stats'];
    const first = await operator.run(...args);
    expect([first.exitCode, first.stdout.trim()]).toEqual([0, expect.stringMatching(/\S/)]);
    expect(first.stderr).toMatch(/from the model, 5 tokens, [\d.]+ tok\/s, first after \d+ ms/);
    // A busy machine may be late with an answer to its own cache, and then goes on without it.
    const again = await eventually(async () => {
      const run = await operator.runWith({ input: 'hi\n' }, 'chat', '--base-url', engine.url, '--stats');
      return run.stderr.includes('from the cache') ? run : undefined;
    });
    expect(again.stdout).toBe(first.stdout);
    const asJson = await eventually(async () => {
      const run = await operator.run(...args, '--json');
      return run.json().data.source === 'cache' ? run : undefined;
    });
    expect(asJson.stdout).not.toContain('\n');
    expect(asJson.json()).toMatchObject({
      schema: 'botllm.chat/1',
      data: { content: first.stdout, source: 'cache' },
    });
  });

  test('one answer goes out piece by piece, asked as the options say, and ends its line where it breaks off', async () => {
    const slow = await startFakeEngine();
    let goOn = () => {};
    const held = (end: string) => async (response: ServerResponse) => {
      startStream(response);
      event(response, { choices: [{ delta: { content: 'Hel' } }] });
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      response.end(end);
    };
    const rest = JSON.stringify({ choices: [{ delta: { content: 'lo' }, finish_reason: 'stop' }] });
    slow.script(held(`data: ${rest}\n\ndata: [DONE]\n\n`), held(''), held(''));
    const options = [
      '-s',
      'Be brief.',
      '--max-tokens',
      '7',
      '--user',
      '7',
      '--no-cache',
      '--base-url',
      slow.url,
    ];
    try {
      const whole = operator.start(['chat', '-p', 'hi', ...options], { env: { LLM_RATE_LIMIT: '2' } });
      expect(String(((await once(whole.stdout, 'data')) as [Buffer])[0])).toBe('Hel');
      goOn();
      expect((await whole).stdout).toBe('Hello');
      expect(slow.seen[0]?.body).toMatchObject({
        max_tokens: 7,
        messages: [{ role: 'system', content: 'Be brief.' }, { content: 'hi' }],
      });
      const cut = operator.start(['chat', '-p', 'hi', ...options], { env: { LLM_RATE_LIMIT: '2' } });
      await once(cut.stdout, 'data');
      goOn();
      expect(await cut).toMatchObject({
        exitCode: 1,
        stdout: 'Hel',
        stderr: expect.stringContaining('Error: '),
      });
      // A third question of this user in a minute.
      const { exitCode } = await operator.runWith(
        { env: { LLM_RATE_LIMIT: '2' } },
        'chat',
        '-p',
        'hi',
        ...options,
      );
      expect(exitCode).toBe(7);
      await using pty = terminal('chat', '-p', 'hi', '--base-url', slow.url, '--no-cache');
      await pty.shows(/^Hel/m);
      pty.press('\u0003');
      await pty.shows(/^Hel(\^C)?\nError: Interrupted/m);
      expect(await pty.ended()).toBe(130);
    } finally {
      await slow.close();
    }
  });

  test('says which model it talks to, and that it is not the one of the settings', async () => {
    const about = { instanceId: 'x', startedAt: '', version: '1', pid: 1, phase: 'ready', status: 'ok' };
    await engine.behave({ health: { ...about, model: 'qwen3-1.7b' } });
    try {
      await using pty = new Pty([process.execPath, BIN, 'chat', '--base-url', engine.url], {
        ...{ columns: 100, rows: 30 },
        env: { ...operator.env, LLM_MODEL: 'gemma-2b' },
      });
      await pty.shows(/LLM_MODEL is gemma-2b, but the engine serves qwen3-1\.7b\ntalking to qwen3-1\.7b;/);
      pty.press('\u0004');
      expect(await pty.ended()).toBe(0);
    } finally {
      await engine.behave({ health: { status: 'ok' } });
    }
  });

  test('talks on a terminal: what was said goes with the next question, and the prompt is shown on demand', async () => {
    await using pty = terminal('chat', '--base-url', engine.url, '--no-cache');
    await pty.shows(/\/help lists/);
    pty.press('first question\r');
    await pty.shows(/from the model[\s\S]*\n> /);
    pty.press('/prompt\r');
    await pty.shows(/user: first question\n *assistant: \S/);
    pty.press('/nonsense\r');
    await pty.shows(/There is no \/nonsense/);
    pty.press('/clear\r/prompt\r');
    await pty.shows(/no messages yet/);
    pty.press('\u0004');
    expect(await pty.ended()).toBe(0);
  });

  test('Ctrl-C stops an answer, and leaves where there is none', async () => {
    await engine.behave({ delayMs: 30_000 });
    try {
      await using pty = terminal('chat', '--base-url', engine.url, '--no-cache');
      await pty.shows(/\/help lists/);
      pty.press('slow\r');
      await pty.shows(/> slow/);
      pty.press('\u0003');
      await pty.shows(/stopped/);
      pty.press('\u0003');
      expect(await pty.ended()).toBe(0);
    } finally {
      await engine.behave({ delayMs: 0 });
    }
  });

  test('says that no engine runs, and which command brings one up', async () => {
    const { exitCode, stderr } = await operator.run('chat', '-p', 'hi');
    // Whoever else may listen on the usual port is not asked in its place.
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/^Error: No engine is running\n.*botllm up/s),
    ]);
  });
});

describe('botllm alone', () => {
  test('says on a terminal what is up, what is not and what to type next', async () => {
    await using pty = terminal();
    const text = await pty.shows(/botllm --help/);
    expect(text).toMatch(/engine +not running/);
    expect(text).toMatch(/botllm up +brings/);
    expect(await pty.ended()).toBe(0);
  });

  test('prints its help elsewhere', async () => {
    const { exitCode, stderr } = await operator.run();
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Usage: botllm')]);
  });
});
