import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { BIN, Operator, ROOT } from '../support/cli.js';

const DIST = pathToFileURL(path.join(ROOT, 'dist')).href;

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

test('health loads one file a layer, no other command, and no package on its own', async () => {
  await using operator = await Operator.create();
  const files = (await loaded(operator, 'health')).map((url) => path.relative(ROOT, fileURLToPath(url)));
  expect(files).toEqual([
    'bin/botllm.js',
    'dist/cli/start.js',
    'dist/cli/version.js',
    'dist/cli/main.js',
    'dist/folded/cli.js',
    'dist/folded/settings.js',
    'dist/folded/engines.js',
    'dist/zod.js',
    'dist/cli/commands/health.js',
  ]);
});

test('the library gets nothing of the command line, though both share what was folded', async () => {
  await using operator = await Operator.create();
  const { stdout, stderr } = await execa(
    process.execPath,
    [
      ...['--import', HOOK, '--input-type=module', '-e'],
      `const [{ BotllmError }, { parse }, { readState }] = await Promise.all(
        ['index', 'cli/parse', 'engines/state'].map((name) => import(\`${DIST}/\${name}.js\`)));
       try { (await import('${DIST}/settings/read.js')).readSettings({ LLM_TIMEOUT: 'x' }); }
       catch (error) { console.log(error instanceof BotllmError, typeof parse.url, await readState({})); }`,
    ],
    { env: operator.env, extendEnv: false },
  );
  expect(stdout).toBe('true function null');
  const library = await execa(
    process.execPath,
    ['--import', HOOK, '--input-type=module', '-e', `await import('${DIST}/index.js')`],
    { env: operator.env, extendEnv: false },
  );
  expect(library.stderr).toContain('folded/settings.js');
  expect(library.stderr).not.toMatch(/folded\/(cli|engines)\.js|commander/);
  expect(stderr).toContain('folded/cli.js');
});
