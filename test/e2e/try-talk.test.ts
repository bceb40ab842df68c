import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, Operator } from '../support/cli.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';
import { Pty } from '../support/pty.js';

let operator: Operator;
let engine: FakeEngineProcess;

beforeAll(async () => {
  // Named, because on a busy machine an engine may be asked for its name twice, and a cached answer carries it.
  operator = await Operator.create({ LLM_MODEL: 'm', LLM_RATE_LIMIT: '1' });
  engine = await FakeEngineProcess.start({ mode: 'ready', pieces: 5, usage: true });
});
afterAll(async () => {
  await engine.kill();
  await operator[Symbol.asyncDispose]();
});

const terminal = (args: readonly string[], columns = 100) =>
  new Pty([process.execPath, BIN, 'try', ...args, '--base-url', engine.url], {
    ...{ columns, rows: 40, env: operator.env },
  });

describe('try without a text on a terminal', () => {
  test('asks line by line: answer, source, time and tokens; cached or not; the prompt on demand', async () => {
    await using pty = terminal(['intent']);
    await pty.shows(/asking http:\S+; \/help[\s\S]*\n> /);
    pty.press('where is it\r');
    await pty.shows(/intent +help[\s\S]*from the model, m, \d+ ms, 5 tokens, [\d.]+ tok\/s[\s\S]*\n> /);
    pty.press('\u001b[A\r');
    await pty.shows(/where is it[\s\S]*from the cache, m, \d+ ms\n/);
    pty.press('/cache\r');
    await pty.shows(/every answer comes from the model/);
    pty.press('/intents one,help\r');
    await pty.shows(/intents: one,help/);
    pty.press('and this\r/prompt\r');
    await pty.shows(/\[user\]\nIntents:\n- one\n- help\n- unknown\n[\s\S]*and this\n<\/message/);
    pty.press('/intents ,\r');
    await pty.shows(/\/intents: .*commas/);
    pty.press('/nonsense\r/help\r');
    await pty.shows(/There is no \/nonsense[\s\S]*\/intents …[\s\S]*\/user …[\s\S]*\/prompt/);
    // His limit counts here as it does for a bot.
    pty.press('/user 7\rlimit one\rlimit two\r');
    await pty.shows(/limit two[\s\S]*a fallback[\s\S]*Error: [\s\S]*\n> /);
    pty.press('/user 8\r');
    // A dash is a text like any other here, and not standard input, which is the keyboard.
    pty.press('-\r/prompt\r');
    await pty.shows(/\n-\n<\/message/);
    pty.press('\u0004');
    expect(await pty.ended()).toBe(0);
  });

  test('asks first for what a task cannot do without', async () => {
    await using pty = terminal(['validate', '--no-cache']);
    await pty.shows(/\nexpect> /);
    pty.press('a whole number\r');
    await pty.shows(/expect: a whole number\n> /);
    pty.press('12\r');
    // The fake engine answers as if it were asked for an intent, which is told, and ends nothing.
    await pty.shows(/valid +\w+[\s\S]*a fallback, m[\s\S]*Error: [\s\S]*\n> /);
    pty.press('/expect a date\r/exit\r');
    await pty.shows(/expect: a date/);
    expect(await pty.ended()).toBe(0);
  });

  test('a menu is asked for by its topic', async () => {
    await using pty = terminal(['menu', '--no-cache']);
    await pty.shows(/\n> /);
    pty.press('bicycles\r');
    await pty.shows(/1 +bicycles[\s\S]*a fallback/);
    pty.press('\u0004');
    expect(await pty.ended()).toBe(0);
  });

  test('Russian stays whole in a narrow terminal, typed over its edge and corrected', async () => {
    await using pty = terminal(['intent', '--no-cache'], 30);
    await pty.shows(/\n> /);
    pty.press('хочу записаться на завтрак мастеру по стрижке');
    await pty.shows(/> хочу записаться на завтрак м\nастеру по стрижке/);
    // Ctrl-W takes the last word away.
    pty.press('\u0017причёске');
    await pty.shows(/> хочу записаться на завтрак м\nастеру по причёске/);
    pty.press('\r/prompt\r');
    await pty.shows(/хочу записаться на завтрак мас\nтеру по причёске\n<\/message/);
    expect(pty.raw).not.toContain('\ufffd');
    pty.press('\u0004');
    expect(await pty.ended()).toBe(0);
  });

  test('Ctrl-C ends an answer, and leaves where there is none', async () => {
    await engine.behave({ delayMs: 30_000 });
    try {
      await using pty = terminal(['intent', '--no-cache']);
      await pty.shows(/\n> /);
      pty.press('slow\r');
      await pty.shows(/> slow/);
      pty.press('\u0003');
      await pty.shows(/stopped\n> /);
      pty.press('\u0003');
      expect(await pty.ended()).toBe(0);
    } finally {
      await engine.behave({ delayMs: 0 });
    }
  });

  test('where no engine runs, it says so before anybody types', async () => {
    await using pty = new Pty([process.execPath, BIN, 'try', 'intent'], {
      ...{ columns: 100, rows: 40, env: operator.env },
    });
    await pty.shows(/Error: [\s\S]*Try: botllm up/);
    expect(await pty.ended()).toBe(3);
  });

  test('with --no-input it is a usage error, as it is off a terminal', async () => {
    await using pty = terminal(['intent', '--no-input']);
    await pty.shows(/There is no text/);
    expect(await pty.ended()).toBe(2);
    const { exitCode, stderr } = await operator.run('try', 'intent', '--base-url', engine.url);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('There is no text')]);
  });
});
