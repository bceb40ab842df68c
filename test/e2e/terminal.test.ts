import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, Operator } from '../support/cli.js';
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

/** What a person sees who types the line into a terminal of this width. */
async function screen(
  line: string,
  columns: number,
  env: Record<string, string> = {},
): Promise<{ plain: string; raw: string }> {
  const server = `botllm-${randomUUID()}`;
  const tmux = (...args: string[]) =>
    execa('tmux', ['-L', server, ...args], {
      env: { ...operator.env, LC_ALL: 'C.UTF-8', ...env },
      extendEnv: false,
    });
  await tmux('-u', '-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', '50', 'sh');
  try {
    await tmux('send-keys', `clear; ${line}; echo exit=$?`, 'Enter');
    for (let i = 0; i < 300; i++) {
      const { stdout } = await tmux('capture-pane', '-p');
      if (/^exit=\d+/m.test(stdout))
        return { plain: stdout, raw: (await tmux('capture-pane', '-p', '-e')).stdout };
      await sleep(100);
    }
    throw new Error('the command did not end');
  } finally {
    await tmux('kill-server');
    await rm(`/tmp/tmux-0/${server}`, { force: true });
  }
}
const command = (...args: string[]) => [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');

describe('a terminal of 60 columns', () => {
  test('shows Russian text whole, aligned and coloured', async () => {
    const { plain, raw } = await screen(command('try', 'intent', TEXT, '--allow-fallback'), 60);
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
      const { raw } = await screen(command('status', ...flag), 60, env);
      expect(raw).toContain('ready');
      expect(raw).not.toMatch(/\u001b\[[1-9][0-9;]*m/);
    }
  });

  test('fits the list of models and every status line', async () => {
    for (const line of ['models', 'status']) {
      const { plain } = await screen(command(line), 60);
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
    const run = await execa('bash', ['-c', `${command('logs', '-n', '100000')} | head -n 1`], {
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
