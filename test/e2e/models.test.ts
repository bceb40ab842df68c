import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../models/fixtures.js';
import { ggufBytes } from '../models/gguf-bytes.js';
import { type CliRun, NO_HUB, Operator } from '../support/cli.js';
import { LocalHub } from '../support/local-hub.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

const BYTES = ggufBytes({ floats: 500_000 });
const PHI: [string, string] = ['microsoft/Phi-3-mini-4k-instruct-gguf', 'Phi-3-mini-4k-instruct-q4.gguf'];
const QWEN: [string, string] = ['bartowski/Qwen2.5-3B-Instruct-GGUF', 'Qwen2.5-3B-Instruct-Q4_K_M.gguf'];
const GEMMA: [string, string] = ['lmstudio-ai/gemma-2b-it-GGUF', 'gemma-2b-it-q4_k_m.gguf'];

let hub: LocalHub;
let operator: Operator;
let models: string;

beforeEach(async () => {
  hub = await LocalHub.start();
  hub.put(...PHI, BYTES);
  operator = await Operator.create({ HF_ENDPOINT: hub.endpoint });
  models = path.join(operator.env.BOTLLM_HOME ?? '', 'models');
});
afterEach(async () => {
  await operator[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

const linesOf = (run: CliRun) => run.stdout.split('\n').map((line) => JSON.parse(line));
const eventsOf = (run: CliRun) => linesOf(run).slice(0, -1);

describe('pull', () => {
  test('says size, licence and free disk before the bytes, and the second run says it is complete', async () => {
    const first = await operator.run('pull', 'phi3-mini');
    expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining('MIT License')]);
    expect(first.stderr).toMatch(/phi3-mini: 2 MB; .+ free on its disk/);
    expect(first.stdout).toBe(`phi3-mini is complete: ${path.join(models, PHI[1])}`);
    const asked = hub.requests.length;
    const second = await operator.run('pull', 'microsoft/Phi-3-mini-4k-instruct');
    expect(second.stdout).toContain('already complete');
    expect([second.exitCode, hub.requests.length]).toEqual([0, asked]);
  });

  test('with --json streams events and ends with one object', async () => {
    hub.storeMishaps.push({ slowly: 1 }, { slowly: 8 });
    const run = await operator.run('pull', 'phi3-mini', '--json');
    expect(run.json()).toMatchObject({
      schema: 'botllm.pull/1',
      data: { model: 'phi3-mini', bytes: BYTES.length, sha256: sha256(BYTES), alreadyComplete: false },
    });
    const events = eventsOf(run);
    expect(events[0]).toMatchObject({ type: 'download', bytes: BYTES.length, licence: { id: 'MIT' } });
    expect(events[0].freeBytes).toBeGreaterThan(0);
    const tenths = events.filter(({ type, phase }) => type === 'progress' && phase === 'download');
    expect(tenths.length).toBeGreaterThan(3);
    expect(tenths.length).toBeLessThan(12);
    expect(tenths.at(-1)).toMatchObject({ receivedBytes: BYTES.length, totalBytes: BYTES.length });
  });

  test('off a terminal writes lines with percent, and no control characters', async () => {
    // The question for the size is the first request; then 20 pieces with a pause after each.
    hub.storeMishaps.push({ slowly: 1 }, { slowly: 20 });
    const run = await operator.run('pull', 'phi3-mini');
    const shown = run.stderr.split('\n').flatMap((line) => /downloading.* (\d+) %/.exec(line)?.[1] ?? []);
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.length).toBeLessThan(12);
    expect(run.stderr).not.toMatch(/[\r\u001b]/);
  });

  test.each([
    ['qwen2.5-3b', QWEN, 'NOT for commercial use'],
    ['gemma-2b', GEMMA, 'terms'],
  ] as [string, [string, string], string][])(
    'of %s says the terms before the first byte',
    async (alias, place, words) => {
      hub.put(...place, BYTES);
      const run = await operator.run('pull', alias);
      expect(run.exitCode).toBe(0);
      expect(run.stderr.indexOf(words)).toBeGreaterThan(-1);
      const downloading = run.stderr.indexOf('downloading');
      if (downloading > -1) expect(run.stderr.indexOf(words)).toBeLessThan(downloading);
    },
  );

  test('of an unknown alias is a usage error with the nearest one', async () => {
    const run = await operator.run('pull', 'phi3-mni', '--json');
    expect(run.exitCode).toBe(2);
    expect(run.json().error).toMatchObject({
      code: 'UNKNOWN_MODEL',
      hint: expect.stringContaining('phi3-mini'),
    });
  });

  test('of other bytes than the hub names keeps them aside and exits with 1', async () => {
    hub.put(...PHI, BYTES, { linkedEtag: `"${'0'.repeat(64)}"` });
    const run = await operator.run('pull', 'phi3-mini', '--json');
    expect([run.exitCode, run.json().error.code]).toEqual([1, 'HASH_MISMATCH']);
    expect(await readdir(models)).toEqual([`${PHI[1]}.broken`]);
    expect((await operator.run('models', '--json')).stdout).not.toContain('"installed":true');
  });

  test('of a file that is no model exits with 5 and says what it is', async () => {
    const page = Buffer.from('<!doctype html><title>Sign in</title>');
    hub.put('org/page-GGUF', 'page-Q4_K_M.gguf', page);
    const run = await operator.run('pull', 'org/page-GGUF', '--json');
    expect([run.exitCode, run.json().error.code]).toEqual([5, 'MODEL_BROKEN']);
    expect(run.stderr).toContain('web page');
  });

  test('without a network exits with 5 and names the ways to supply a file', async () => {
    const run = await operator.runWith({ env: { HF_ENDPOINT: NO_HUB } }, 'pull', 'org/x-GGUF', '--json');
    expect([run.exitCode, run.json().error.code]).toEqual([5, 'MODEL_UNAVAILABLE']);
    expect(run.json().error.hint).toMatch(/--model \.\/file\.gguf.*HF_ENDPOINT.*pip/);
  });

  test('of a gated repository names the gate and HF_TOKEN, and with the token it comes', async () => {
    hub.put('org/gated-GGUF', 'gated-Q4_K_M.gguf', BYTES, { token: 'hf_secret' });
    hub.facts.set('org/gated-GGUF', { license: 'gemma', gated: 'manual' });
    const run = await operator.run('pull', 'org/gated-GGUF', '--json');
    expect(run.exitCode).toBe(5);
    expect(run.json().error).toMatchObject({ hint: expect.stringContaining('HF_TOKEN=') });
    expect(run.stderr).toContain('gated');
    const withToken = await operator.runWith({ env: { HF_TOKEN: 'hf_secret' } }, 'pull', 'org/gated-GGUF');
    expect([withToken.exitCode, withToken.stdout]).toEqual([0, expect.stringContaining('is complete')]);
    expect(`${withToken.stdout}${withToken.stderr}`).not.toContain('hf_secret');
    expect(hub.fetches.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  test('that is interrupted exits with 130, and the same command goes on from there', async () => {
    hub.storeMishaps.push({ stallAfter: 900_000 });
    const running = operator.start(['pull', 'phi3-mini', '--json']);
    running.stdout?.on('data', (said) => String(said).includes('"receivedBytes"') && running.kill('SIGINT'));
    expect((await running).exitCode).toBe(130);
    const again = await operator.run('pull', 'phi3-mini');
    expect(again.exitCode).toBe(0);
    expect(hub.fetches.at(-1)?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
  });
});

describe('models', () => {
  test('lists aliases, sizes, licences, what lies here and what fits', async () => {
    await operator.run('pull', 'phi3-mini');
    const { data } = (await operator.run('models', '--json')).json();
    const listed = data.models as { name: string }[];
    expect(listed.find(({ name }) => name === 'phi3-mini')).toMatchObject({
      installed: true,
      bytes: BYTES.length,
      licence: { id: 'MIT', commercial: true },
      fits: expect.any(Boolean),
      guideWord: 'balanced',
    });
    const text = (await operator.run('models')).stdout;
    expect(text).toMatch(/qwen2\.5-3b .*not for commercial use/);
    expect(text).toMatch(/gemma-2b .*gated/);
  });

  test('show tells everything known, with the memory for a context', async () => {
    const run = await operator.run('models', 'show', 'qwen2.5-3b', '--context', '8192', '--json');
    expect(run.json()).toMatchObject({
      schema: 'botllm.models.show/1',
      data: {
        alias: 'qwen2.5-3b',
        licence: { id: 'qwen-research', commercial: false },
        context: 32_768,
        guideWord: 'multilingual',
        engines: { vllm: 'Qwen/Qwen2.5-3B-Instruct' },
        memory: { context: 8_192, kv: 288 * 1024 * 1024 },
        installed: false,
      },
    });
    const text = (await operator.run('models', 'show', 'Qwen/Qwen2.5-3B-Instruct')).stdout;
    for (const words of ['NOT for commercial use', 'multilingual', 'KV cache', 'botllm pull qwen2.5-3b']) {
      expect(text).toContain(words);
    }
  });

  test('show of a file tells what its own header says', async () => {
    const file = path.join(operator.home, 'mine.gguf');
    writeTinyGguf(file, {});
    const { data } = (await operator.run('models', 'show', './mine.gguf', '--json')).json();
    expect(data).toMatchObject({ installed: true, path: file, file: { architecture: 'llama' } });
    expect(data.memory).toMatchObject({ weights: expect.any(Number), kv: expect.any(Number) });
  });

  test.each([
    [['models', 'show', 'phi3-mni'], 2],
    [['models', 'rm', 'phi3-mni'], 2],
    [['models', 'show', './nothing.gguf'], 5],
    [['models', 'show', 'org/never-pulled'], 5],
    [['models', 'rm', './nothing.gguf'], 2],
    [['models', 'bogus'], 2],
    [['pull'], 2],
  ])('%j exits with %i', async (words, code) => {
    expect((await operator.run(...words)).exitCode).toBe(code);
  });

  test('rm says how many bytes went, and a dry run how many would', async () => {
    await operator.run('pull', 'phi3-mini');
    const dry = await operator.run('models', 'rm', 'phi3-mini', '--dry-run', '--json');
    expect(dry.json().data).toMatchObject({ removed: false, dryRun: true });
    expect(await readdir(models)).toContain(PHI[1]);
    const run = await operator.run('models', 'rm', 'phi3-mini', '--json');
    expect(run.json().data).toMatchObject({ removed: true, bytes: dry.json().data.bytes });
    expect(await readdir(models)).toEqual([]);
    const again = await operator.run('models', 'rm', 'phi3-mini');
    expect([again.exitCode, again.stdout]).toEqual([0, 'nothing of phi3-mini lies here']);
  });

  test('rm refuses the model that is being served, and removes it after down', async () => {
    await mkdir(models, { recursive: true });
    const file = path.join(models, 'mine.gguf');
    writeTinyGguf(file, {});
    const up = await operator.run('up', '--model', file, '--context', '256', '--slots', '1');
    expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
    const refused = await operator.run('models', 'rm', 'mine', '--json');
    expect([refused.exitCode, refused.json().error.hint]).toEqual([
      5,
      expect.stringContaining('botllm down'),
    ]);
    expect(await readdir(models)).toContain('mine.gguf');
    await operator.run('down');
    expect((await operator.run('models', 'rm', 'mine')).exitCode).toBe(0);
    expect(await readdir(models)).not.toContain('mine.gguf');
  });

  test('a file that is no model is refused before an engine starts', async () => {
    await writeFile(path.join(operator.home, 'page.gguf'), '<html>');
    const run = await operator.run('up', '--model', './page.gguf', '--json');
    expect([run.exitCode, run.json().error.code]).toEqual([5, 'MODEL_BROKEN']);
    expect(run.stdout).not.toContain('"phase":"start"');
  });
});
