import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort, ROOT } from '../support/cli.js';
import { type FakeEngine, startFakeEngine } from '../support/fake-engine.js';
import { salonModel } from '../support/salon-model.js';

const TALK = [
  'что ты умеешь?',
  'какие у вас услуги?',
  'хочу записаться',
  'завтра в 3 дня',
  '2026-05-01 15:00',
  'отмени',
];

/** What a talk with the salon's bot looks like when the model is well. */
const WELL = [
  'bot> Я записываю в салон, отменяю запись и рассказываю об услугах. 😊',
  'bot> • 💆 Массаж лица: Расслабляющий массаж',
  'bot> • 🧖 Уход за кожей: Профессиональная чистка',
  'bot> На какое время вас записать? Например: 2026-05-01 15:00 😊',
  expect.stringMatching(/^bot> .+\d{4}-\d{2}-\d{2} 15:00/),
  'bot> Вы записаны на 2026-05-01 15:00. Ждём вас! 😊',
  'bot> Ваша запись отменена. 😊',
];
const said = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('bot> '));

async function salon(): Promise<FakeEngine> {
  const engine = await startFakeEngine();
  engine.answerWith(salonModel);
  onTestFinished(() => engine.close());
  return engine;
}

describe('examples/bot.ts', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'botllm-examples-'));
  const runBot = (env: Record<string, string>) =>
    execa(process.execPath, [path.join(folder, 'bot.js')], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        BOTLLM_HOME: path.join(folder, 'home'),
        LLM_ENABLED: 'true',
        ...env,
      },
      extendEnv: false,
      input: `${TALK.join('\n')}\n`,
      timeout: 60_000,
    });

  beforeAll(async () => {
    // As in a project that has the package installed.
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(ROOT, path.join(folder, 'node_modules', 'botllm'));
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    const flags = [
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      '--ignoreConfig',
      '--types',
      'node',
    ];
    await execa(
      'npx',
      ['tsc', ...flags, '--rootDir', 'examples', '--outDir', folder, 'examples/bot.ts', 'examples/llm.ts'],
      {
        cwd: ROOT,
      },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('talks with a user by all four tasks, and tells its events', async () => {
    const engine = await salon();
    const { stdout, exitCode } = await runBot({ LLM_BASE_URL: engine.url, LLM_MODEL: 'm' });
    expect([exitCode, said(stdout)]).toEqual([0, WELL]);
    // The guide's `docker logs botfactory-runtime | grep llm_`.
    const events = stdout.split('\n').filter((line) => line.includes('llm_'));
    const names = new Set(events.map((line) => JSON.parse(line).event));
    expect([...names]).toEqual(expect.arrayContaining(['llm_request', 'llm_success', 'llm_text_improved']));
    const tasks = new Set(events.map((line) => JSON.parse(line).task));
    expect([...tasks]).toEqual(expect.arrayContaining(['improve', 'intent', 'menu', 'validate']));
    // The user's time went into the message, and never to the model.
    const improved = engine.seen.filter(({ body }) =>
      JSON.stringify(body.response_format)?.includes('"improve"'),
    );
    expect(JSON.stringify(improved.map(({ body }) => body.messages?.at(-1)))).not.toContain('на 2026-05-01');
  });

  test('without an engine it still answers, by its own words', async () => {
    const { stdout, exitCode } = await runBot({
      LLM_BASE_URL: `http://127.0.0.1:${await freePort()}`,
      LLM_MODEL: 'm',
      LLM_MAX_RETRIES: '0',
      // Nor is there anything that it was answered earlier.
      LLM_CACHE_TTL: '0',
    });
    expect(exitCode).toBe(0);
    expect(said(stdout).length).toBeGreaterThanOrEqual(TALK.length - 1);
    expect(stdout).toContain('"llm_fallback"');
  });
});
