import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Operator, ROOT } from '../support/cli.js';
import { completion, type FakeEngine, startFakeEngine } from '../support/fake-engine.js';
import { KINDS, type StoreAtHand, storeAtHand } from '../support/store-at-hand.js';

const TEXT = 'хочу записаться на завтра';
const LIMIT = 3;

/**
 * One code path: what `botllm try` asks goes through the guards of the library, so it and a program that imports
 * the library share answers and quotas.
 */
describe.each(KINDS)('with the %s store, `botllm try` and a program that imports the library', (kind) => {
  let engine: FakeEngine;
  let operator: Operator;
  let at: StoreAtHand;
  let program: string;
  beforeAll(async () => {
    engine = await startFakeEngine();
    operator = await Operator.create({ LLM_BASE_URL: engine.url, LLM_RATE_LIMIT: String(LIMIT) });
    at = await storeAtHand(kind, operator);
    program = path.join(operator.home, 'program.mjs');
    await writeFile(
      program,
      `import { BotPromptConfigs, createLlmClient, settingsFromEnv } from '${path.join(ROOT, 'dist/index.js')}';
       const [message, userId] = process.argv.slice(2);
       const llm = createLlmClient(settingsFromEnv(process.env));
       const availableIntents = ['book_service', 'cancel_booking', 'get_info', 'help'];
       const config = BotPromptConfigs.classifyUserIntent({ message, availableIntents });
       const { source, cached, error } = await llm.complete(config, userId ? { userId } : {});
       console.log(JSON.stringify({ source, cached, code: error?.code ?? null }));
       await llm.close();`,
    );
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await at?.close();
    await engine?.close();
  });
  beforeEach(() => {
    engine.seen.length = 0;
    engine.answerWith(completion('{"intent":"help","entities":[]}'));
  });

  /** A runtime that reaches the same engine under another name. */
  const runProgram = async (message: string, userId = '') => {
    const env = {
      ...operator.env,
      ...at.env,
      LLM_ENABLED: 'true',
      LLM_BASE_URL: engine.url.replace('127.0.0.1', 'localhost'),
    };
    const run = await execa(process.execPath, [program, message, userId], { env, extendEnv: false });
    return JSON.parse(run.stdout) as { source: string; cached: boolean; code: string | null };
  };
  const botllm = (...args: string[]) => operator.runWith({ env: at.env }, ...args, '--json');
  const data = async (...args: string[]) => (await botllm(...args)).json().data;

  test('share answers, whatever name the engine has for them', async () => {
    expect(await data('try', 'intent', TEXT)).toMatchObject({ source: 'model' });
    expect(await runProgram(TEXT)).toEqual({ source: 'cache', cached: true, code: null });
    expect(await runProgram(`${TEXT}, в три`)).toMatchObject({ source: 'model' });
    expect(await data('try', 'intent', `${TEXT}, в три`)).toMatchObject({ source: 'cache' });
    expect(engine.seen).toHaveLength(2);
    const { groups, store } = (await data('cache')) as Record<string, unknown>;
    expect(groups).toEqual([{ scope: '-', task: 'intent', model: 'fake-model', entries: 2 }]);
    expect(store).toMatchObject({ kind });

    expect(await data('cache', 'clear', '--task', 'intent')).toMatchObject({ removed: 2, complete: true });
    expect(await runProgram(TEXT)).toMatchObject({ source: 'model' });
  });

  test('share a user’s quota; `limits` shows it, and gives it back', async () => {
    const asking = (n: number) => ['try', 'intent', `${TEXT} ${n}`, '--user', '42', '--no-cache'] as const;
    for (const n of [1, 2]) expect(await data(...asking(n))).toMatchObject({ source: 'model' });
    expect(await runProgram('third', '42')).toMatchObject({ source: 'model' });
    expect(await runProgram('fourth', '42')).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    expect((await botllm(...asking(5))).exitCode).toBe(7);
    expect(await runProgram('another user', '7')).toMatchObject({ source: 'model' });
    expect(engine.seen).toHaveLength(4);

    const shown = await botllm('limits', 'show', '42');
    expect(shown.exitCode).toBe(0);
    expect(shown.json().data).toMatchObject({ user: '42', scope: '-', limit: LIMIT, used: 3, left: 0 });
    const { retryAfterMs, resetMs } = shown.json().data as Record<string, number>;
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(resetMs).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
    expect(await data('limits')).toMatchObject({
      users: 2,
      top: [
        { user: '42', calls: 3, left: 0 },
        { user: '7', calls: 1, left: 2 },
      ],
    });

    expect(await data('limits', 'reset', '42')).toMatchObject({ user: '42', removed: 1 });
    expect(await data('limits', 'show', '42')).toMatchObject({ used: 0, left: LIMIT, retryAfterMs: 0 });
    expect(await runProgram('fifth', '42')).toMatchObject({ source: 'model' });
    expect(await data('limits', 'show', '7')).toMatchObject({ used: 1 });
  });

  test('name a user alike, also one whose id cannot stand in a key', async () => {
    await data('limits', 'reset', '--all', '--yes');
    const odd = 'Иван Петров';
    expect(await runProgram('a question', odd)).toMatchObject({ source: 'model' });
    const shown = (await data('limits', 'show', `  ${odd} `)) as { user: string; used: number };
    expect(shown).toMatchObject({ user: expect.stringMatching(/^h:[0-9a-f]{64}$/), used: 1 });
    const table = await operator.runWith({ env: at.env }, 'limits');
    expect(table.stdout).toContain(shown.user);
    expect(await data('limits', 'reset', shown.user)).toMatchObject({ removed: 1 });
    expect(await data('limits', 'show', odd)).toMatchObject({ used: 0 });
  });
});
