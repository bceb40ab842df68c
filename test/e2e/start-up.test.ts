import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { BIN, Operator } from '../support/cli.js';

/** Writes every file that is loaded to standard error, one a line. */
const HOOK = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  const hook = "export async function load(url, context, next) { process._rawDebug(url); return next(url, context); }";
  register('data:text/javascript,' + encodeURIComponent(hook));
`)}`;

async function loaded(operator: Operator, ...args: string[]): Promise<string[]> {
  const { stderr } = await execa(process.execPath, ['--import', HOOK, BIN, ...args], {
    env: operator.env,
    extendEnv: false,
    reject: false,
  });
  return stderr.split('\n').filter((line) => line.startsWith('file:'));
}

test('--version loads nothing but the file that knows it', async () => {
  await using operator = await Operator.create();
  const files = (await loaded(operator, '--version')).map((url) => path.basename(url));
  expect(files).toEqual(['botllm.js', 'start.js', 'version.js']);
});

test('health loads no other command, and none of the packages that take long', async () => {
  await using operator = await Operator.create();
  const files = await loaded(operator, 'health');
  expect(files.filter((url) => /cli\/commands\/(?!index|health)/.test(url))).toEqual([]);
  const packages = files.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual([
    'commander',
    'env-paths',
    'is-safe-filename',
    'pretty-bytes',
  ]);
});
