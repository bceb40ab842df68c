import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { BIN, Operator, ROOT } from '../support/cli.js';

/** Node 22.1 and newer keep compiled code themselves. */
const nodeKeeps = 'enableCompileCache' in nodeModule;
const DIST = pathToFileURL(path.join(ROOT, 'dist')).href;

/** Writes every file that is loaded to standard error, one a line: those of either loader of Node's. */
const HOOK = `data:text/javascript,${encodeURIComponent(`
  import Module, { register } from 'node:module';
  const hook = "export async function load(url, context, next) { process._rawDebug(url); return next(url, context); }";
  register('data:text/javascript,' + encodeURIComponent(hook));
  const load = Module.prototype.load;
  Module.prototype.load = function (file) {
    process._rawDebug('file://' + file);
    return load.call(this, file);
  };
`)}`;

async function loaded(operator: Operator, ...args: string[]): Promise<string[]> {
  const { stderr } = await execa(process.execPath, ['--import', HOOK, BIN, ...args], {
    env: operator.env,
    extendEnv: false,
    reject: false,
  });
  const files = stderr.split('\n').filter((line) => line.startsWith('file:'));
  return [...new Set(files)].map((url) => path.relative(ROOT, fileURLToPath(url)));
}

const KEEPER = nodeKeeps ? [] : ['bin/keep-compiled.js'];

test('--version loads nothing but the file that knows it', async () => {
  await using operator = await Operator.create();
  expect(await loaded(operator, '--version')).toEqual(['bin/botllm.js', ...KEEPER, 'dist/folded/start.cjs']);
});

test('health loads one file a layer, no other command, and no package on its own', async () => {
  await using operator = await Operator.create();
  expect(await loaded(operator, 'health')).toEqual([
    'bin/botllm.js',
    ...KEEPER,
    'dist/folded/start.cjs',
    'dist/folded/cli.cjs',
    'dist/folded/settings.cjs',
    'dist/folded/engines.cjs',
    'dist/folded/zod.cjs',
  ]);
});

describe.skipIf(nodeKeeps)('compiled code', () => {
  /** The command in a folder of its own, which no other test starts from. */
  async function installed(): Promise<{ bin: string; folded: string } & AsyncDisposable> {
    const folder = await mkdtemp(path.join(tmpdir(), 'botllm-installed-'));
    for (const part of ['bin', 'dist/folded', 'package.json'])
      await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const folded = path.join(folder, 'dist/folded');
    for (const name of await kept(folded)) await rm(path.join(folded, name));
    return {
      bin: path.join(folder, 'bin/botllm.js'),
      folded,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const kept = async (folded: string) => (await readdir(folded)).filter((name) => !name.endsWith('.cjs'));
  const health = async (operator: Operator, bin: string) => {
    const { stdout, stderr, exitCode } = await execa(process.execPath, [bin, 'health'], {
      env: operator.env,
      extendEnv: false,
      reject: false,
    });
    return { stdout, stderr, exitCode };
  };
  const NOT_RUNNING = { stdout: 'not running', stderr: '', exitCode: 3 };

  test('lies whole beside each folded file after the first command, and the next one takes it', async () => {
    await using operator = await Operator.create();
    await using place = await installed();
    expect(await health(operator, place.bin)).toEqual(NOT_RUNNING);
    const names = await kept(place.folded);
    expect(names.map((name) => name.split('.')[0])).toEqual(['cli', 'engines', 'settings', 'zod']);
    const writtenAt = async () =>
      Promise.all(names.map(async (name) => (await stat(path.join(place.folded, name))).mtimeMs));
    const before = await writtenAt();
    expect(await health(operator, place.bin)).toEqual(NOT_RUNNING);
    // Code that V8 refused would have been written anew.
    expect(await writtenAt()).toEqual(before);
    expect(await kept(place.folded)).toEqual(names);
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('no code at all')],
    [
      'of another V8',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(4), bytes.subarray(8)]),
    ],
  ])('that is %s is made anew', async (_, spoil) => {
    await using operator = await Operator.create();
    await using place = await installed();
    await health(operator, place.bin);
    const files = (await kept(place.folded)).map((name) => path.join(place.folded, name));
    const whole = await Promise.all(files.map((file) => readFile(file)));
    for (const [i, file] of files.entries()) await writeFile(file, spoil(whole[i] ?? Buffer.alloc(0)));
    expect(await health(operator, place.bin)).toEqual(NOT_RUNNING);
    for (const [i, file] of files.entries()) {
      const bytes = await readFile(file);
      // What V8 compiled, of the same version and with the same flags, and as much of it.
      expect(bytes.subarray(0, 16)).toEqual(whole[i]?.subarray(0, 16));
      expect(bytes.length).toBeGreaterThan((whole[i]?.length ?? 0) / 2);
    }
  });

  test('never runs in the place of other code, as long as it and in the same file', async () => {
    await using operator = await Operator.create();
    await using place = await installed();
    await health(operator, place.bin);
    const words = path.join(place.folded, 'cli.cjs');
    const [signature, ...lines] = (await readFile(words, 'latin1')).split('\n');
    const digest = (text: string) => `//${createHash('sha256').update(text).digest('hex')}`;
    expect(signature).toBe(digest(lines.join('\n')));
    const other = lines.join('\n').replaceAll('not running', 'not walking');
    await writeFile(words, `${digest(other)}\n${other}`);
    expect(await health(operator, place.bin)).toEqual({ ...NOT_RUNNING, stdout: 'not walking' });
  });

  test('is done without where nothing can be written', async () => {
    await using operator = await Operator.create();
    await using place = await installed();
    // Root may write everywhere but over a folder.
    await health(operator, place.bin);
    const names = await kept(place.folded);
    for (const name of names) {
      await rm(path.join(place.folded, name));
      await mkdir(path.join(place.folded, name));
    }
    expect(await health(operator, place.bin)).toEqual(NOT_RUNNING);
    expect(await kept(place.folded)).toEqual(names);
  });
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
  expect(library.stderr).toContain('folded/settings.cjs');
  expect(library.stderr).not.toMatch(/folded\/(cli|engines)\.cjs|commander/);
  expect(stderr).toContain('folded/cli.cjs');
});
