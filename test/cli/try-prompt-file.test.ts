import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPrompt } from '../../src/cli/prompt-file.js';
import type { BotllmError } from '../../src/errors.js';

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');
const facts = { confidence: null };
let folder: string;

// Inside the checkout, so that a file there finds its modules; removed again, whatever happens.
beforeAll(async () => {
  folder = await mkdtemp(path.join(import.meta.dirname, 'prompts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(name: string, content: string) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return loadPrompt(file);
}
const failure = (promise: Promise<unknown>): Promise<BotllmError> =>
  promise.then(
    () => expect.fail('it was taken'),
    (error) => error,
  );

const WHOLE = `{ id: 'x', version: 1, messages: [{ role: 'user', content: 'hi' }], schema: {}, maxTokens: 9,
  temperature: 0, accept: (answer) => answer }`;

describe('a module with a prompt', () => {
  test('the example is a prompt that asks, accepts and falls back', async () => {
    const config = (await loadPrompt(path.join(EXAMPLES, 'mood.mjs')))('What a day!');
    expect(config.messages.at(-1)).toEqual({ role: 'user', content: 'What a day!' });
    expect(config.accept({ mood: 'good', angry: false }, facts)).toEqual({ mood: 'good', angry: false });
    expect(config.fallback?.()).toEqual({ mood: 'neutral', angry: false });
  });

  test('may export a config as it is', async () => {
    expect((await load('config.mjs', `export default ${WHOLE};`))('hi')).toMatchObject({
      id: 'x',
      maxTokens: 9,
    });
  });

  test.each([
    ['throws while it is read', `throw new Error('no luck');`, 'default', 'no luck'],
    ['has a slip of the pen', 'export default {', 'default', /./],
    [
      'wants a module that is not there',
      `import 'no-such-module'; export default 1;`,
      'default',
      /no-such-module/,
    ],
    ['exports nothing', 'export const prompt = 1;', 'default', /must export by default/],
    ['exports a text', `export default 'hi';`, 'default', /must export by default/],
    ['throws when it is asked', `export default () => { throw new Error('no text') };`, 'default', 'no text'],
    ['gives a promise', 'export default async () => ({});', 'default.id', /./],
    ['has no id', `export default ${WHOLE.replace("id: 'x',", '')};`, 'default.id', /./],
    ['has an id with a colon', `export default ${WHOLE.replace("'x'", "'x:y'")};`, 'default.id', /letters/],
    [
      'has a strange role',
      `export default ${WHOLE.replace("'user'", "'root'")};`,
      'default.messages.0.role',
      /./,
    ],
    [
      'has no accept',
      `export default ${WHOLE.replace(/accept.*answer/s, 'accept: 1')};`,
      'default.accept',
      /function/,
    ],
    ['has half a token', `export default ${WHOLE.replace('9', '0.5')};`, 'default.maxTokens', /./],
  ])('that %s is a bad configuration, with file and key named', async (name, content, key, detail) => {
    const file = `${name.replaceAll(' ', '-')}.mjs`;
    const error = await failure(load(file, content).then((prompt) => prompt('hi')));
    expect([error.code, error.detail]).toEqual(['BAD_CONFIG', expect.stringMatching(detail)]);
    expect(error.message).toContain(file);
    expect(error.message).toContain(`${key} `);
  });

  test('whose fallback throws names it', async () => {
    const prompt = await load(
      'fallback.mjs',
      `export default ${WHOLE.replace('accept', `fallback: () => { throw new Error('none') }, accept`)};`,
    );
    expect(() => prompt('hi').fallback?.()).toThrowError(/fallback cannot be used/);
  });

  test.each(['prompt.txt', 'prompt', 'prompt.json5'])('%s is no prompt file: usage', async (name) => {
    expect(await failure(load(name, ''))).toMatchObject({ code: 'USAGE' });
  });

  test.each(['absent.mjs', 'absent.yaml'])('%s cannot be read: usage', async (name) => {
    const error = await failure(loadPrompt(path.join(folder, name)));
    expect([error.code, error.message]).toEqual(['USAGE', expect.stringContaining(name)]);
  });
});

const YAML = `
id: mood
version: 1
schema: { type: object, properties: { mood: { type: string, enum: [good, bad] } }, required: [mood], additionalProperties: false }
system: Tell the mood.
user: "Message: {{input}}"
examples: [{ input: hm, answer: { mood: bad } }]
fallback: { mood: good }
`;

describe('a prompt in YAML', () => {
  test('the example is a prompt that asks, accepts and falls back', async () => {
    const config = (await loadPrompt(path.join(EXAMPLES, 'mood.yaml')))('What a $& day!');
    expect(config).toMatchObject({ id: 'mood_yaml', version: 1, temperature: 0 });
    expect(config.messages).toHaveLength(6);
    expect(config.messages.at(-1)?.content).toMatch(/^Message:\n<(message-\w{8})>\nWhat a \$& day!\n<\/\1>$/);
    expect(config.accept({ mood: 'good', angry: false }, facts)).toEqual({ mood: 'good', angry: false });
    expect(() => config.accept({ mood: 'so-so', angry: false }, facts)).toThrowError(/mood/);
    expect(config.fallback?.()).toEqual({ mood: 'neutral', angry: false });
  });

  test('without a fallback has none', async () => {
    const prompt = await load('no-fallback.yaml', YAML.replace(/fallback:.*/, ''));
    expect(prompt('hi').fallback).toBeUndefined();
  });

  test.each([
    ['a key that is not known', `${YAML}sytem: x`, 'sytem'],
    ['a key that is missing', YAML.replace(/system:.*/, ''), 'system'],
    ['a version that is a word', YAML.replace('version: 1', 'version: one'), 'version'],
    ['a template without {{input}}', YAML.replace('{{input}}', ''), 'user'],
    ['a schema that is no object', YAML.replace('type: object', 'type: array'), 'schema.type'],
    [
      'an example of another shape',
      YAML.replace('answer: { mood: bad }', 'answer: { mood: odd }'),
      'examples.0.answer.mood',
    ],
    [
      'a fallback of another shape',
      YAML.replace('fallback: { mood: good }', 'fallback: { mood: 1 }'),
      'fallback.mood',
    ],
    ['a slip of the pen', `${YAML}  - [`, 'yaml'],
    ['nothing in it', '', '.'],
    ['an id with a space', YAML.replace('id: mood', 'id: my mood'), 'id'],
    ['a bomb of aliases', `a: &a [x,x]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]`, 'yaml'],
  ])('with %s is a bad configuration, with file and key named', async (_, content, key) => {
    const error = await failure(load('wrong.yaml', content));
    expect(error.code).toBe('BAD_CONFIG');
    expect(error.message).toMatch(/wrong\.yaml/);
    expect(error.message).toContain(`${key} `);
    expect(error.detail).toBeTruthy();
  });

  test('whose answer has no longest length must say maxTokens', async () => {
    const free = YAML.replace(', enum: [good, bad]', '').replace('mood: bad', 'mood: x');
    expect((await failure(load('free.yaml', free))).message).toContain('maxTokens cannot be used');
    expect((await load('bound.yaml', `${free}maxTokens: 50\n`))('hi').maxTokens).toBe(50);
  });
});
