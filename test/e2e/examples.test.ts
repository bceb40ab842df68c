import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import { createGateway } from '../../src/gateway/gateway.js';
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
      timeout: 300_000,
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

/** The guide's own lines, letter by letter; only where they import from is ours. */
const SNIPPETS = `
import asyncio
from llm_client import llm_client
from llm_prompts import BotPromptConfigs, LLMPrompts

async def guide():
    # Проверить корректность ввода пользователя
    config = BotPromptConfigs.smart_validate_input(
        user_input="завтра в 3 дня",
        expectation="дата и время в формате YYYY-MM-DD HH:MM"
    )

    response = await llm_client.complete(**config)
    result = LLMPrompts.parse_json_response(response.content)

    if not result["valid"]:
        print(f"Ошибка: {result['reason']}")
        print(f"Предложение: {result['suggestion']}")

    # Создать меню на основе контекста
    config = BotPromptConfigs.generate_dynamic_menu(
        context="пользователь интересуется спа-процедурами",
        topic="услуги салона красоты"
    )

    response = await llm_client.complete(**config)
    menu_items = LLMPrompts.parse_json_response(response.content)["items"]
    print(menu_items)

    # Определить что хочет пользователь
    config = BotPromptConfigs.classify_user_intent(
        message="хочу записаться на завтра к мастеру",
        available_intents=["book_service", "cancel_booking", "get_info", "help"]
    )

    response = await llm_client.complete(**config)
    intent_result = LLMPrompts.parse_json_response(response.content)

    print(f"Намерение: {intent_result['intent']}")  # book_service
    print(f"Уверенность: {intent_result['confidence']}")  # 0.95
    print(f"Сущности: {intent_result['entities']}")  # {"time": "завтра"}

asyncio.run(guide())
`;

describe('examples/python', () => {
  const PYTHON = path.join(ROOT, 'examples', 'python');
  const python = (env: Record<string, string>, input: string, ...args: string[]) =>
    execa('python3', args, {
      env: {
        PATH: process.env.PATH ?? '',
        PYTHONPATH: PYTHON,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONUTF8: '1',
        ...env,
      },
      extendEnv: false,
      cwd: tmpdir(),
      input,
      reject: false,
      timeout: 300_000,
    });

  /** A gateway with a key, before the salon's model. */
  async function gateway(rateLimit = 10) {
    const engine = await salon();
    const llm = createLlmClient({ baseUrl: engine.url, model: 'm', store: 'memory', rateLimit });
    const server = createGateway({ llm, keys: ['the-key'] });
    const { url } = await server.listen({ port: 0 });
    onTestFinished(async () => {
      await server.close({ drainMs: 0 });
      await llm.close();
    });
    return { engine, env: { LLM_GATEWAY_URL: url, BOTLLM_API_KEY: 'the-key', BOT_ID: 'salon' } };
  }

  test('the guide’s snippets run, with only the import changed', async () => {
    const { env } = await gateway();
    const { stdout, stderr } = await python(env, SNIPPETS, '-');
    expect(stderr).toBe('');
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Ошибка: ./);
    expect(lines[1]).toMatch(/^Предложение: .*\d{4}-\d{2}-\d{2} 15:00/);
    expect(lines[2]).toContain("{'text': '💆 Массаж лица', 'description': 'Расслабляющий массаж'}");
    expect(lines.slice(3)).toEqual(['Намерение: book_service', 'Уверенность: None', 'Сущности: {}']);
  });

  test('the bot talks with a user by all four tasks, as the one in TypeScript does', async () => {
    const { env, engine } = await gateway();
    const { stdout, stderr, exitCode } = await python(
      env,
      `${TALK.join('\n')}\n`,
      path.join(PYTHON, 'bot.py'),
    );
    expect([exitCode, stderr, said(stdout)]).toEqual([0, '', WELL]);
    expect(JSON.stringify(engine.seen.map(({ body }) => body))).not.toContain('на 2026-05-01 15:00');
  });

  test('without an engine, over the limit and without a gateway it still answers', async () => {
    const limited = await gateway(1);
    const refused = await python(limited.env, 'хочу записаться\nотмени\n', path.join(PYTHON, 'bot.py'));
    expect(refused.exitCode).toBe(0);
    expect(refused.stderr).toContain('# fallback: RATE_LIMIT_EXCEEDED');
    const wrongKey = await python(
      { ...limited.env, BOTLLM_API_KEY: 'no' },
      'привет\n',
      path.join(PYTHON, 'bot.py'),
    );
    expect([wrongKey.exitCode, said(wrongKey.stdout)]).toEqual([
      0,
      [expect.stringContaining('не могу ответить')],
    ]);
    const nobody = { LLM_GATEWAY_URL: `http://127.0.0.1:${await freePort()}` };
    const alone = await python(nobody, 'привет\n', path.join(PYTHON, 'bot.py'));
    expect([alone.exitCode, said(alone.stdout)]).toEqual([0, [expect.stringContaining('does not answer')]]);
  });
});
