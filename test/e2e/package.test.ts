import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, NO_HUB, ROOT } from '../support/cli.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

let folder: string;
let packed: string[];
const npm = (args: string[], cwd: string) => execa('npm', args, { cwd });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'botllm-package-'));
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT);
  const report = JSON.parse(stdout) as unknown;
  const [info] = (Array.isArray(report) ? report : Object.values(report as object)) as {
    filename: string;
    files: { path: string }[];
  }[];
  packed = info?.files.map((file) => file.path) ?? [];
  await writeFile(path.join(folder, 'package.json'), '{"private":true,"type":"module"}');
  await npm(
    ['install', '--no-audit', '--no-fund', path.join(folder, path.basename(info?.filename ?? ''))],
    folder,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packed package, installed in an empty folder', () => {
  test('carries what runs, and neither sources nor tests', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'bin/botllm.js',
        'dist/index.js',
        'dist/index.d.ts',
        'docker-compose.llm.yml',
        'deploy/docker-compose.gpu.yml',
        'benchmarks/quality/intent.jsonl',
        'README.md',
        'LICENSE',
      ]),
    );
    expect(packed.filter((file) => /^(src|test|\.ci)\/|\.map$/.test(file))).toEqual([]);
  });

  test('gives a botllm command and an import with types', async () => {
    const { stdout } = await execa(path.join(folder, 'node_modules/.bin/botllm'), ['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
    await writeFile(
      path.join(folder, 'use.mjs'),
      `import { createLlmClient, BotPromptConfigs, settingsFromEnv } from 'botllm';
       import manifest from 'botllm/package.json' with { type: 'json' };
       const llm = createLlmClient({ ...settingsFromEnv({}), store: 'memory' });
       const result = await llm.complete(BotPromptConfigs.classifyUserIntent({ message: 'hi', availableIntents: ['greet'] }));
       console.log(JSON.stringify([manifest.name, result.source, result.error.code, result.data]));
       await llm.close();`,
    );
    const run = await execa(process.execPath, ['--no-warnings', 'use.mjs'], { cwd: folder });
    await writeFile(
      path.join(folder, 'use.ts'),
      `import { BotPromptConfigs, createLlmClient, type CompletionResult } from 'botllm';
       const result = await createLlmClient().complete(BotPromptConfigs.classifyUserIntent({ message: 'hi', availableIntents: ['a'] }));
       export const intent: string = result.data.intent;
       // @ts-expect-error: a confidence may be null
       export const confidence: number = result.data.confidence;
       export type Any = CompletionResult;`,
    );
    const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2023,dom,esnext.disposable',
      '--types',
      '',
    ];
    await execa(tsc, [...flags, 'use.ts'], { cwd: folder });
    expect(JSON.parse(run.stdout)).toEqual([
      'botllm',
      'fallback',
      'DISABLED',
      { intent: 'unknown', confidence: null, entities: {} },
    ]);
  });

  test('carries no llama.cpp; the first up puts it under botllm’s home, says so, and runs', async () => {
    await expect(execa('ls', [path.join(folder, 'node_modules/node-llama-cpp')])).rejects.toThrow();
    const home = path.join(folder, 'home');
    await mkdir(home);
    const model = path.join(home, 'tiny.gguf');
    writeTinyGguf(model, { context: 2048 });
    const env = { BOTLLM_HOME: home, BOTLLM_PORT: String(await freePort()), HF_ENDPOINT: NO_HUB };
    const botllm = (...args: string[]) =>
      execa(path.join(folder, 'node_modules/.bin/botllm'), args, { env, cwd: home, reject: false });
    try {
      const first = await botllm('up', '--engine', 'embedded', '--model', model);
      expect([first.exitCode, first.stderr]).toEqual([
        0,
        expect.stringContaining(path.join(home, 'runtime')),
      ]);
      await botllm('down');
      const second = await botllm('up', '--engine', 'embedded', '--model', model);
      expect(second.exitCode).toBe(0);
      expect(second.stderr).not.toContain('fetching');
    } finally {
      await botllm('down', '--timeout', '2s');
    }
  });
});
