import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BotPromptConfigs, createLlmClient, type LlmClient } from '../../src/index.js';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { Operator } from '../support/cli.js';
import { realModel } from '../support/real-model.js';

let operator: Operator;
let llm: LlmClient;

beforeAll(async () => {
  operator = await Operator.create();
  const standIn = namedEntry(CATALOGUE, CATALOGUE.standInAlias);
  const models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
  await mkdir(models, { recursive: true });
  await cp(realModel(), path.join(models, standIn.file));
  const up = await operator.run('up', '--model', standIn.alias);
  expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
  const baseUrl = `http://127.0.0.1:${operator.port}`;
  llm = createLlmClient({ baseUrl, store: 'memory', rateLimit: 0, timeoutMs: 120_000, deadlineMs: 240_000 });
});
afterAll(async () => {
  await llm?.close();
  await operator?.[Symbol.asyncDispose]();
});

/** The real 135 M model speaks little; its engine, its grammar and our checks are what is tried here. */
test('every validation is answered by the model itself, with the verdict of the code', async () => {
  const cases = [
    ['завтра в 3 дня', 'дата и время в формате YYYY-MM-DD HH:MM', false],
    ['2025-03-05 15:00', 'дата и время в формате YYYY-MM-DD HH:MM', true],
    ['a@b', 'e-mail address', false],
    ['7', 'целое число от 1 до 10', true],
  ] as const;
  for (const [userInput, expectation, valid] of cases) {
    const { data, source, error } = await llm.complete(
      BotPromptConfigs.smartValidateInput({ userInput, expectation }),
    );
    expect([userInput, source, error?.code, data.valid]).toEqual([userInput, 'model', undefined, valid]);
    expect(data.reason).toBeTruthy();
    if (!valid) expect(data.suggestion).toBeTruthy();
  }
});

test('a menu and a text keep their rules, or are their fallback', async () => {
  const menu = await llm.complete(
    BotPromptConfigs.generateDynamicMenu({ topic: 'beauty salon', context: 'likes spa' }),
  );
  expect(menu.data.items.length).toBeGreaterThanOrEqual(1);
  expect(menu.data.items.length).toBeLessThanOrEqual(8);
  for (const { text, description } of menu.data.items) {
    expect([text.length > 0, text.length <= 64, description.length <= 120]).toEqual([true, true, true]);
  }
  // A grammar that is held, and an answer that always fits: neither is ever cut.
  expect(menu.error?.code).not.toBe('INCOMPLETE_RESPONSE');
  const text = 'Your order {{order_id}} is ready';
  const improved = await llm.complete(BotPromptConfigs.improveText({ text }));
  expect(improved.data.text.match(/\{\{[^{}]*\}\}/g)).toEqual(['{{order_id}}']);
  process.stdout.write(`menu: ${menu.source}, improve: ${improved.source}\n`);
});
