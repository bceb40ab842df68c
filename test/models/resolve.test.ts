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
    ['microsoft/Phi-3-mini-4k-instruct', 'phi3-mini'],
    ['google/gemma-2b-it', 'gemma-2b'],
    ['hf:Qwen/Qwen2.5-3B-Instruct', 'qwen2.5-3b'],
    ['ggml-org/Qwen3-1.7B-GGUF:q4_k_m', 'qwen3-1.7b'],
    ['hf:ggml-org/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q4_K_M.gguf', 'qwen3-1.7b'],
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
    ['phi-3-mini', 'phi3-mini'],
  ])('%s is unknown and %s is suggested', (ref, meant) => {
    const error = refusalOf(ref);
    expect(error.code).toBe('UNKNOWN_MODEL');
    expect(error.hint).toContain(`--model ${meant}`);
    expect(error.hint).toContain('botllm models');
  });

  test('an unknown model is suggested as the command at hand takes it', () => {
    const asking = (alias: string) => `botllm switch ${alias}`;
    expect(() => resolveModel('qwen3-17b', { asking })).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^botllm switch qwen3-1\.7b/) }),
    );
  });

  test.each([
    'gpt-5',
    '',
    'hf:nothing',
    'hf:org/repo/../../etc/passwd.gguf',
    'http://example.org/x.gguf',
    'https://user:secret@example.org/x.gguf',
    'ftp://example.org/x.gguf',
    'pypi:some-package',
    'pypi:--index-url==http',
    'pypi:a==1 --pre',
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

describe('a reference beyond the catalogue', () => {
  test.each([
    ['org/repo', { repo: 'org/repo' }],
    ['hf:org/repo', { repo: 'org/repo' }],
    ['org/repo-GGUF:q8_0', { repo: 'org/repo-GGUF', quantisation: 'Q8_0' }],
    ['hf:org/repo/file.gguf', { repo: 'org/repo', file: 'file.gguf' }],
    ['HF:org/repo/sub/file.gguf', { repo: 'org/repo', file: 'sub/file.gguf' }],
    ['org/repo/file.gguf', { repo: 'org/repo', file: 'file.gguf' }],
    ['ggml-org/Qwen3-1.7B-GGUF:Q8_0', { repo: 'ggml-org/Qwen3-1.7B-GGUF', quantisation: 'Q8_0' }],
  ])('%s is of the hub', (ref, wanted) => {
    expect(resolveModel(ref, { cwd: '/bots' })).toEqual({ kind: 'hub', ...wanted });
  });

  test('org/repo/file.gguf is the file of that path where there is one, and hf: never is', () => {
    const options = { cwd: '/bots', exists: () => true };
    const file = { kind: 'file', path: path.resolve('/bots/org/repo/file.gguf'), name: 'file' };
    expect(resolveModel('org/repo/file.gguf', options)).toEqual(file);
    expect(resolveModel('hf:org/repo/file.gguf', options)).toMatchObject({ kind: 'hub' });
  });

  test.each([
    ['https://host.example/a/model-Q4.gguf?x=1#part', 'https://host.example/a/model-Q4.gguf?x=1', 'model-Q4'],
    ['http://127.0.0.1:8080/m.gguf', 'http://127.0.0.1:8080/m.gguf', 'm'],
    ['https://host.example/%zz', 'https://host.example/%zz', '%zz'],
  ])('%s is an address', (ref, url, name) => {
    expect(resolveModel(ref)).toEqual({ kind: 'url', url, name });
  });

  test('pypi:package==version is a package', () => {
    expect(resolveModel('pypi:my.model-x==1.0.0')).toEqual({
      kind: 'pypi',
      package: 'my.model-x',
      version: '1.0.0',
    });
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

  test('has the guide’s three with the guide’s words, and Phi-3 mini is what containers serve', () => {
    const words = CATALOGUE.entries.flatMap(({ ids, guideWord }) => (guideWord ? [[ids[0], guideWord]] : []));
    expect(words).toEqual([
      ['microsoft/Phi-3-mini-4k-instruct', 'balanced'],
      ['google/gemma-2b-it', 'fast'],
      ['Qwen/Qwen2.5-3B-Instruct', 'multilingual'],
    ]);
    expect(CATALOGUE.containerAlias).toBe('phi3-mini');
  });

  test('warns of what is not for commercial use or gated, in words', () => {
    const warned = CATALOGUE.entries.filter(({ licence }) => !licence.commercial || licence.gated);
    expect(warned.map(({ alias }) => alias)).toEqual(
      expect.arrayContaining(['gemma-2b', 'qwen2.5-3b', 'llama-3.2-3b']),
    );
    for (const { licence } of warned) expect(licence.note?.length).toBeGreaterThan(20);
  });

  test('gives every engine that can serve an entry its own name for it', () => {
    for (const { alias, engines, source } of CATALOGUE.entries) {
      expect([alias, engines?.vllm, engines?.tgi]).toEqual([alias, expect.any(String), engines?.vllm]);
      if (source.kind === 'hub') expect(engines?.llamacpp?.repo).toBe(source.repo);
    }
  });

  test('lets no model think: the tokens of a short answer would all go into thought', () => {
    expect(CATALOGUE.entries.filter(({ thinking }) => thinking)).toEqual([]);
  });
});
