import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN, Operator } from '../support/cli.js';
import { Pty } from '../support/pty.js';

const LANG = 'ru_RU.UTF-8';
let operator: Operator;

beforeAll(async () => {
  operator = await Operator.create();
});
afterAll(() => operator[Symbol.asyncDispose]());

describe('Russian', () => {
  test('is spoken where --lang or the locale asks for it; --lang en beats the locale', async () => {
    const [asked, located, beaten] = await Promise.all([
      operator.run('--lang', 'ru', 'status'),
      operator.runWith({ env: { LANG } }, 'status'),
      operator.runWith({ env: { LANG, LC_ALL: LANG } }, 'status', '--lang', 'en'),
    ]);
    expect(asked.stdout).toContain('состояние  не запущен');
    expect(asked.exitCode).toBe(3);
    expect(located).toEqual({ ...asked, json: expect.anything() });
    expect(beaten.stdout).toContain('state  not running');
  });

  test('leaves the word of health to scripts as it is', async () => {
    const { stdout, exitCode } = await operator.runWith({ env: { LANG } }, 'health');
    expect([stdout, exitCode]).toEqual(['not running', 3]);
  });

  test('names the mistake and what to do, with the same exit code', async () => {
    const { stderr, exitCode } = await operator.runWith({ env: { LANG } }, 'models', 'show', 'nosuch');
    expect(stderr).toMatch(
      /^Ошибка: Модели "nosuch" нет\n {2}Понимаются: .*\n {2}Что делать: botllm models$/,
    );
    expect(exitCode).toBe(2);
  });

  test('a language that there is not is a usage error, in the language of the locale', async () => {
    const { stderr, exitCode } = await operator.runWith({ env: { LANG } }, 'status', '--lang', 'rus');
    expect(stderr).toContain("опции '--lang <language>' не подходит значение 'rus'. Допустимо: en, ru.");
    expect(exitCode).toBe(2);
  });

  test('help and the diagnosis have no English sentence in them', async () => {
    const [help, doctor] = await Promise.all([
      operator.runWith({ env: { LANG } }, '--help'),
      operator.runWith({ env: { LANG } }, 'doctor'),
    ]);
    expect(help.stdout).toMatch(/^Использование: botllm <команда> \[опции\]/);
    for (const { stdout } of [help, doctor])
      expect(stdout.match(/^.*\b(the|there|is|are|and|with)\b.*$/gm) ?? []).toEqual([]);
    expect(doctor.stdout).toMatch(/в порядке/);
  });

  test.each([
    [['status']],
    [['models', 'show', 'phi3-mini']],
    [['models', 'show', 'nosuch']],
    [['config', 'show', '--sources']],
    [['cache']],
    [['logs', 'llm']],
    [['nonsense']],
  ])('%j --json: not a byte differs from English, on stdout and on stderr', async (args) => {
    const [english, russian] = await Promise.all([
      operator.run(...args, '--json'),
      operator.runWith({ env: { LANG } }, ...args, '--json', '--lang', 'ru'),
    ]);
    expect(russian.stdout).toBe(english.stdout);
    expect(russian.stderr).toBe(english.stderr);
    expect(russian.exitCode).toBe(english.exitCode);
  });

  test('is not spoken to other programs: a gateway greets in Russian and answers in English', async () => {
    const gateway = operator.start(['serve', '--port', '0'], { env: { LANG, LLM_MAX_RETRIES: '0' } });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let said = '';
        gateway.stderr.on('data', (data: Buffer) => {
          said += String(data);
          const [, found] = /шлюз слушает (\S+)\/v1/.exec(said) ?? [];
          if (found !== undefined) resolve(found);
        });
        gateway.once('exit', () => reject(new Error(said)));
      });
      const reply = await fetch(`${url}/v1/bot/intent`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'hello', availableIntents: ['greet'] }),
      });
      const text = await reply.text();
      expect(text).toContain('"error"');
      expect(text).not.toMatch(/[а-яё]/i);
    } finally {
      gateway.kill('SIGTERM');
      await gateway;
    }
  });

  test('stands in columns as English does: a table is aligned whatever its heads are called', async () => {
    const { stdout } = await operator.runWith({ env: { LANG } }, 'models');
    const [head = '', ...rows] = stdout.split('\n');
    expect(head).toMatch(/^модель +размер +лицензия/);
    const size = head.indexOf('размер');
    for (const row of rows) expect(row.slice(size - 2, size), row).toBe('  ');
  });

  test('fits a terminal of 60 columns: no word of the screens is cut', async () => {
    await using pty = new Pty([process.execPath, BIN, 'top', '--lang', 'ru'], {
      ...{ columns: 60, rows: 24 },
      env: operator.env,
    });
    await pty.shows(/\[1 Обзор\] {2}2 Запросы {3}3 Логи {3}4 Кэш и лимиты {3}5 Модели/);
    pty.press('?');
    await pty.shows(/Tab +следующий экран/);
    await pty.shows(/\? клавиши/);
    pty.press('q');
    expect(await pty.ended()).toBe(0);
  });
});

test('English loads nothing of Russian, and --version neither whatever the locale is', async () => {
  expect(await loaded(['status'], {})).toEqual([]);
  expect(await loaded(['--version'], { LANG })).toEqual([]);
  expect(await loaded(['status'], { LANG })).not.toEqual([]);
});

/** The Russian modules that a command line loads, as V8 counts them. */
async function loaded(args: readonly string[], env: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-loaded-'));
  try {
    await operator.runWith({ env: { ...env, NODE_V8_COVERAGE: folder } }, ...args);
    const files = await Promise.all(
      (await readdir(folder)).map((file) => readFile(path.join(folder, file), 'utf8')),
    );
    expect(files).not.toEqual([]);
    return files.flatMap((text) => text.match(/[\w-]+\/(?:[\w-]+\.ru|russian)\.js/g) ?? []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
