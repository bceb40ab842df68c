import { expect, test } from 'vitest';
import { createPrompts, type Prompts, type Question } from '../../../src/bench/load/prompts.js';

const SYNTHETIC = { kind: 'synthetic', promptTokens: 200, outputTokens: 64, language: 'en' } as const;
const options = { seed: 42, reportId: 'one', cold: true };
const textOf = (question: Question) =>
  question.kind === 'chat' ? question.messages.map(({ content }) => content).join('\n') : '';
const texts = (prompts: Prompts) => Array.from({ length: 50 }, (_, i) => textOf(prompts.question(i)));

test('no two requests, and no two reports, share the beginning of a prompt', async () => {
  const first = texts(await createPrompts(SYNTHETIC, options));
  const again = texts(await createPrompts(SYNTHETIC, { ...options, reportId: 'two' }));
  const heads = [...first, ...again].map((text) => text.slice(0, 12));
  expect(new Set(heads).size).toBe(100);
});

test('the same report asks the same again, in prompts of one length', async () => {
  const first = texts(await createPrompts(SYNTHETIC, options));
  expect(texts(await createPrompts(SYNTHETIC, options))).toEqual(first);
  const lengths = first.map((text) => text.length);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(2);
});

test('a warm run leaves the nonce out', async () => {
  const warm = texts(await createPrompts(SYNTHETIC, { ...options, cold: false }));
  expect(new Set(warm.map((text) => text.slice(0, 40))).size).toBe(1);
});

test('the length follows what the engine counted', async () => {
  const prompts = await createPrompts(SYNTHETIC, options);
  const question = prompts.question(0);
  const before = prompts.length(question);
  // The engine said that these were twice as many tokens as wanted.
  prompts.calibrate(before, 400);
  expect(prompts.length(prompts.question(1))).toBeCloseTo(before / 2, -1);
});

test("the bot's workload asks the product's own prompts, each with a text of its own", async () => {
  const prompts = await createPrompts({ kind: 'bot', tasks: ['intent', 'improve'] }, options);
  const asked = Array.from({ length: 8 }, (_, i) => prompts.question(i));
  const configs = asked.flatMap((question) => (question.kind === 'task' ? [question.config] : []));
  expect(configs.map(({ id }) => id)).toEqual([
    'intent',
    'improve',
    'intent',
    'improve',
    'intent',
    'improve',
    'intent',
    'improve',
  ]);
  expect(new Set(configs.map(({ messages }) => JSON.stringify(messages))).size).toBe(8);
});
