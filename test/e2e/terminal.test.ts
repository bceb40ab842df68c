import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../support/cli.js';
import { commandLine, screen as screenOf } from '../support/screen.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

const TEXT = 'хочу записаться на завтра к мастеру';
let operator: Operator;

beforeAll(async () => {
  operator = await Operator.create();
  const model = path.join(operator.home, 'tiny.gguf');
  writeTinyGguf(model, { context: 2048 });
  expect((await operator.run('up', '--engine', 'embedded', '--model', model)).exitCode).toBe(0);
});
afterAll(() => operator[Symbol.asyncDispose]());

const screen = (line: string, columns: number, env: Record<string, string> = {}) =>
  screenOf(line, columns, { ...operator.env, ...env });

describe('a terminal of 60 columns', () => {
  test('shows Russian text whole, aligned and coloured', async () => {
    const { plain, raw } = await screen(commandLine('try', 'intent', TEXT, '--allow-fallback'), 60);
    expect(plain).toMatch(/^intent {6}\S+$/m);
    expect(plain).toMatch(/^confidence {2}\S+/m);
    expect(plain).toMatch(/^entities {4}\S+/m);
    expect(raw).toMatch(/\u001b\[/);
    expect(plain).not.toContain('\ufffd');
  });

  test('has no colour with NO_COLOR, --no-color or TERM=dumb', async () => {
    for (const [env, flag] of [
      [{ NO_COLOR: '1' }, []],
      [{}, ['--no-color']],
    ] as const) {
      const { raw } = await screen(commandLine('status', ...flag), 60, env);
      expect(raw).toContain('ready');
      expect(raw).not.toMatch(/\u001b\[[1-9][0-9;]*m/);
    }
  });

  test('fits the list of models and every status line', async () => {
    for (const line of ['models', 'status']) {
      const { plain } = await screen(commandLine(line), 60);
      expect(plain).toContain('exit=0');
    }
  });
});

describe('a pipe', () => {
  test('gets no colour and no control characters', async () => {
    for (const args of [
      ['status'],
      ['models'],
      ['try', 'intent', TEXT, '--allow-fallback'],
      ['up', '--help'],
    ]) {
      const run = await operator.run(...args);
      expect(run.stdout + run.stderr).not.toMatch(/[\u001b\r]/);
    }
  });

  test('may be closed early: head ends quietly', async () => {
    const run = await execa('bash', ['-c', `${commandLine('logs', '-n', '100000')} | head -n 1`], {
      env: operator.env,
      extendEnv: false,
      reject: false,
    });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.stdout.split('\n')).toHaveLength(1);
  });

  test('brings the text in through standard input', async () => {
    const run = await operator.runWith(
      { input: `${TEXT}\n` },
      'try',
      'intent',
      '-',
      '--json',
      '--allow-fallback',
    );
    expect([run.exitCode, run.json().schema]).toEqual([0, 'botllm.try.intent/1']);
  });
});
