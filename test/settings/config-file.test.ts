import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/models/nearest.js';
import { classifyUserIntent } from '../../src/prompts/intent.js';
import { CONFIG_LIMIT_BYTES, readConfigText } from '../../src/settings/config-file.js';
import { fileKey } from '../../src/settings/file-keys.js';
import { resolveLayers } from '../../src/settings/resolve.js';
import { SETTING_ROWS } from '../../src/settings/table.js';

const read = (text: string, file = '/x/botllm.config.yaml') => readConfigText(file, text, 'project', nearest);
const settingsOf = async (text: string, file?: string) => {
  const { values, problems } = await read(text, file);
  expect(problems).toEqual([]);
  return resolveLayers([values], '/home/me').settings;
};
const firstProblem = async (text: string, file?: string) => {
  const { problems, values } = await read(text, file);
  const bad = [...problems, ...resolveLayers([values], '/home/me').problems];
  return bad[0] && { line: bad[0].line, name: bad[0].name, message: bad[0].message, detail: bad[0].detail };
};

describe('a configuration file', () => {
  test('takes native numbers and booleans, and durations as variables have them', async () => {
    const wanted = {
      enabled: false,
      timeoutMs: 30_000,
      deadlineMs: 120_000,
      cacheTtlMs: 0,
      maxRetries: 2,
      model: 'gemma-2b',
      port: 11_500,
    };
    expect(
      await settingsOf(
        'enabled: false\ntimeout: 30\ndeadline: 2m\ncacheTtl: 0\nmaxRetries: 2\nmodel: gemma-2b\nport: "11500"\n',
      ),
    ).toEqual(wanted);
    const json =
      '{\n\t"enabled": false, "timeout": 30, "deadline": "2m", "cacheTtl": 0,\n\t"maxRetries": 2, "model": "gemma-2b", "port": 11500\n}';
    expect(await settingsOf(json, '/x/botllm.config.json')).toEqual(wanted);
  });

  test.each(SETTING_ROWS.map(([key, row]) => [fileKey(key), row.name, key] as const))(
    'knows %s by its variable’s name %s as well',
    async (name, variable, key) => {
      expect([...(await read(`${name}: x`)).values.keys()]).toEqual([key]);
      expect([...(await read(`${variable}: x`)).values.keys()]).toEqual([key]);
    },
  );

  test('counts a key with nothing behind it as unset, and an empty file as one that says nothing', async () => {
    for (const text of ['model:\ntimeout: ~\nhfToken: ""\nintents:\n', '', '# only a comment\n', '{}'])
      expect(await settingsOf(text)).toEqual({});
  });

  test.each([
    ['a: 1\ntimeout: 5\nmodel: x\ntimeout: 6', 'botllm.config.yaml', 4, 'second time'],
    ['{"timeout": 5,\n "timeout": 6}', 'botllm.config.json', 2, 'second time'],
    ['timeout: 5\n\tmodel: x', 'botllm.config.yaml', 2, 'tab'],
    ['timeout: 5\n---\ntimeout: 6', 'botllm.config.yaml', 2, 'second document'],
    ['timeout: !duration 5', 'botllm.config.yaml', 1, 'tags'],
    ['- timeout', 'botllm.config.yaml', 1, 'no settings'],
    ['{"timeout": 5,\n"model": }', 'botllm.config.json', undefined, 'not JSON'],
    ['{"timeout": 5', 'botllm.config.json', 1, 'not JSON'],
    ['timeout: 5', 'botllm.config.json', undefined, 'not JSON'],
    ['? [a, b]\n: 5', 'botllm.config.yaml', 1, 'not plain text'],
    ['model: x\ntimeout: [5]', 'botllm.config.yaml', 2, 'timeout is a list'],
    ['model: x\ntimeout: {s: 5}', 'botllm.config.yaml', 2, 'timeout is a mapping'],
    ['model: &a x\nmodelId: *a', 'botllm.config.yaml', 2, 'modelId is an alias'],
    ['model: x\ntimeout: 5\nLLM_TIMEOUT: 5', 'botllm.config.yaml', 3, 'timeout is the same setting'],
  ])('refuses %j with its line', async (text, name, line, words) => {
    const problem = await firstProblem(text, `/x/${name}`);
    expect(problem?.message).toContain(words);
    expect(problem?.line).toBe(line);
  });

  test.each([
    ['timeout: soon', 'timeout is "soon", which is not seconds, or 250ms, 30s, 2m; from 1 ms to 600 s'],
    ['rateLimit: -1', 'rateLimit is "-1", which is not a whole number from 0 to 10000'],
    ['rateLimit: 1e3', 'rateLimit is "1e3", which is not a whole number from 0 to 10000'],
    ['port: 0x10', 'port is "0x10", which is not a whole number from 1 to 65535'],
    ['maxRetries: true', 'maxRetries is "true", which is not a whole number from 0 to 10'],
    ['LLM_ENABLED: 2', 'LLM_ENABLED is "2", which is not true or false'],
  ])('%j is named with its key, value and range', async (text, message) => {
    expect(await firstProblem(`\n# two lines before\n${text}`)).toMatchObject({ line: 3, message });
  });

  test.each([
    ['modle: x', 'did you mean model'],
    ['timeoutMs: 5', 'did you mean timeout?'],
    ['max_retries: 5', 'did you mean maxRetries?'],
    ['LLM_TIMOUT: 5', 'did you mean LLM_TIMEOUT?'],
    ['intent: [a]', 'did you mean intents?'],
    ['colour: red', undefined],
    ['__proto__: red', undefined],
    ['constructor: red', undefined],
  ])('%j is an unknown key; did you mean …', async (text, meant) => {
    const problem = await firstProblem(text);
    expect(problem?.message).toMatch(/^there is no setting called [\w]+$/);
    if (meant === undefined) expect(problem?.detail).toBeUndefined();
    else expect(problem?.detail).toContain(meant);
  });

  test('never repeats a secret, whatever is wrong around it', async () => {
    const secret = 'sk-very-secret';
    for (const text of [
      `apiKey: "${secret}`,
      `apiKey: ${secret}\napiKey: ${secret}`,
      `apiKey:${secret}`,
      `apiKey:${secret}\ntimeout: 5`,
      `{apiKey:${secret}}`,
      `apiKey ${secret}`,
      `apiKey: *${secret}`,
      `apiKye: ${secret}`,
      `apiKey: [${secret}]`,
      `apiKey: !!${secret} x`,
      `baseUrl: ftp://me:${secret}@host`,
      `baseUrl: me:p/${secret}@host`,
      `{"apiKey": "${secret}", timeout: []}`,
    ]) {
      for (const file of ['/x/botllm.config.yaml', '/x/botllm.config.json']) {
        const { problems, values } = await read(text, file);
        const all = [...problems, ...resolveLayers([values], '/').problems];
        expect(all.length, text).toBeGreaterThan(0);
        expect(JSON.stringify(all), text).not.toContain(secret);
      }
    }
  });

  test('is read in bounded time, whatever nests or repeats in it', async () => {
    const flood = (unit: string) => unit.repeat(CONFIG_LIMIT_BYTES / unit.length);
    const anchors = Array.from({ length: 30 }, (_, i) => `k${i}: &a${i} [${`*a${i - 1},`.repeat(i && 10)}]`);
    for (const text of [
      flood('['),
      flood('{a:'),
      flood('- '),
      flood('a:\n'),
      flood('"'),
      anchors.join('\n'),
    ]) {
      const startedAt = performance.now();
      expect((await read(text)).problems.length).toBeGreaterThan(0);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    }
  });
});

describe('intents in a configuration file', () => {
  test('are a list of names, or names with a description each', async () => {
    expect((await read('intents: [book, cancel]')).intents).toEqual({
      names: ['book', 'cancel'],
      descriptions: {},
    });
    expect((await read('intents:\n  book: wants an appointment\n  cancel:\n')).intents).toEqual({
      names: ['book', 'cancel'],
      descriptions: { book: 'wants an appointment' },
    });
    expect((await read('{"intents": {"запись": "к мастеру"}}', '/x/a.json')).intents).toEqual({
      names: ['запись'],
      descriptions: { запись: 'к мастеру' },
    });
  });

  test.each([
    ['model: x\nintents: book', 2, 'not a list'],
    ['intents:\n  - book\n  - book', 3, '"book" is listed twice'],
    ['intents:\n  - book\n  - two words', 3, '"two words" cannot be an intent'],
    ['intents:\n  book: [x]', 2, 'description of "book"'],
    ['intents: []', 1, 'names no intent'],
    ['intents: [unknown]', 1, 'names no intent'],
    ['intents:\n  - [book]', 2, 'not a list of names'],
    ['intents: {__proto__: x}', 1, 'cannot be an intent'],
  ])('refuse %j with its line', async (text, line, words) => {
    const problem = await firstProblem(text);
    expect(problem?.message).toContain(words);
    expect(problem?.line).toBe(line);
  });

  test.each([
    'a',
    'a.b:c-d_e',
    'запись',
    'x'.repeat(64),
    'x'.repeat(65),
    '-a',
    'a b',
    '9',
    'a\u0000b',
    'a/b',
  ])('%j is one for the file exactly when it is one for the prompt', async (label) => {
    const { problems } = await read(JSON.stringify({ intents: [label] }));
    const ask = () => classifyUserIntent({ message: 'x', availableIntents: [label] });
    if (problems.length > 0) expect(ask).toThrow();
    else expect(ask).not.toThrow();
  });
});
