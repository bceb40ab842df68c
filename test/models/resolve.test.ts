import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BotllmError } from '../../src/errors.js';
import { CATALOGUE } from '../../src/models/catalogue.js';
import { resolveModel } from '../../src/models/resolve.js';

const refusalOf = (ref: string): BotllmError => {
  try {
    resolveModel(ref, { cwd: '/bots' });
  } catch (error) {
    if (error instanceof BotllmError) return error;
    throw error;
  }
  throw new Error(`${ref} was understood`);
};

describe('a reference', () => {
  test.each([
    ['qwen3-1.7b', 'qwen3-1.7b'],
    ['  QWEN3-1.7B ', 'qwen3-1.7b'],
    ['Qwen/Qwen3-1.7B', 'qwen3-1.7b'],
    ['ggml-org/qwen3-1.7b-gguf', 'qwen3-1.7b'],
    ['Qwen3-4B-Q4_K_M', 'qwen3-4b'],
    ['HuggingFaceTB/SmolLM2-135M-Instruct', 'smollm2-135m'],
  ])('%s names the entry %s', (ref, alias) => {
    expect(resolveModel(ref)).toMatchObject({ kind: 'catalogue', entry: { alias } });
  });

  test.each([
    ['/srv/my.gguf', '/srv/my.gguf', 'my'],
    ['/srv/weights', '/srv/weights', 'weights'],
    ['./my.gguf', '/bots/my.gguf', 'my'],
    ['../my model.gguf', '/my model.gguf', 'my model'],
    ['my.GGUF', '/bots/my.GGUF', 'my'],
    ['sub/my.gguf', '/bots/sub/my.gguf', 'my'],
    [pathToFileURL('/srv/моя модель.gguf').href, '/srv/моя модель.gguf', 'моя модель'],
  ])('%s names the file %s', (ref, file, name) => {
    const found = resolveModel(ref, { cwd: '/bots' });
    expect(found).toEqual({ kind: 'file', path: path.resolve(file), name });
  });

  test.each([
    ['qwen3-1.7', 'qwen3-1.7b'],
    ['qwne3-4b', 'qwen3-4b'],
    ['smollm3', 'smollm3-3b'],
    ['Qwen/Qwen3-1.8B', 'qwen3-1.7b'],
  ])('%s is unknown and %s is suggested', (ref, meant) => {
    const error = refusalOf(ref);
    expect(error.code).toBe('UNKNOWN_MODEL');
    expect(error.hint).toContain(`--model ${meant}`);
    expect(error.hint).toContain('botllm models');
  });

  test.each([
    'gpt-5',
    '',
    'org/some-repo',
    'https://example.org/x.gguf',
    'pypi:some-package==1.0',
    'file://elsewhere/x.gguf',
    'x'.repeat(100_000),
    '\u0000\u001b[31m',
  ])('of a form that is not understood (%#) is refused, saying which forms are', (ref) => {
    const error = refusalOf(ref);
    expect(error.code).toBe('UNKNOWN_MODEL');
    expect(error.hint).toMatch(/botllm models|--model/);
    expect(error.message.length).toBeLessThan(200);
    // A terminal must not be driven by a reference.
    expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  });

  test('that is far from every name suggests none', () => {
    expect(refusalOf('gpt-5').hint).toBe('botllm models');
  });
});

describe('the catalogue', () => {
  test('gives every name and every file to one entry only', () => {
    const names = CATALOGUE.entries.flatMap(({ alias, ids }) => [alias, ...ids].map((n) => n.toLowerCase()));
    expect(new Set(names).size).toBe(names.length);
    const files = CATALOGUE.entries.map(({ file }) => file);
    expect(new Set(files).size).toBe(files.length);
  });

  test('has its default and its stand-in, both free for commercial bots and behind no gate', () => {
    for (const alias of [CATALOGUE.defaultAlias, CATALOGUE.standInAlias]) {
      const found = resolveModel(alias);
      expect(found).toMatchObject({ entry: { licence: { commercial: true, gated: false } } });
    }
  });

  test('names a sha256 for everything that does not come from the hub', () => {
    for (const { source, sha256 } of CATALOGUE.entries) {
      if (source.kind !== 'hub') expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test('lets no model think: the tokens of a short answer would all go into thought', () => {
    expect(CATALOGUE.entries.filter(({ thinking }) => thinking)).toEqual([]);
  });
});
