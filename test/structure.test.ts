import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../src');

/** What the tools of an operator stand on; none of them imports another. */
const BELOW_TOOLS = [
  ...['engines', 'models', 'settings', 'client'],
  ...['openai-http', 'stores', 'prompts', 'observability'],
];
/** What each room may import beside itself, errors and types. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  prompts: [],
  stores: [],
  observability: [],
  'openai-http': [],
  models: ['settings'],
  engines: ['models', 'openai-http', 'settings'],
  client: ['prompts', 'stores', 'observability', 'settings'],
  actions: ['client', 'prompts'],
  bench: BELOW_TOOLS,
  eval: ['bench', ...BELOW_TOOLS],
  gateway: BELOW_TOOLS,
  doctor: BELOW_TOOLS,
  tui: ['engines', 'models', 'settings', 'client', 'stores', 'prompts', 'observability'],
  cli: ['tui', 'actions', 'bench', 'eval', 'gateway', 'doctor', ...BELOW_TOOLS],
  'index.ts': ['actions', 'client', 'prompts', 'stores', 'observability', 'settings'],
};
/** Files that are a process of their own, and so have an environment and an exit code. */
const PROCESSES = [
  'bench/load/main.ts',
  'bench/selftest/engine-main.ts',
  'engines/embedded/main.ts',
  'engines/embedded/run.ts',
  'engines/embedded/log.ts',
  'engines/embedded/load/preflight.ts',
  'engines/native/log-keeper.ts',
  'stores/keeper.ts',
];
const FOR_EVERYBODY = ['errors.ts', 'types.ts', 'zod.ts', 'language.ts', 'russian.ts', 'size.ts'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => file.split(path.sep).join('/'));
const source = (file: string) => readFileSync(path.join(SRC, file), 'utf8');
const roomOf = (file: string) => file.split('/')[0] ?? file;

/** Every relative import of a file, static or dynamic, as a path under src. */
function importsOf(file: string): string[] {
  const found = source(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, target = '']) =>
    path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, '.ts'),
  );
}

describe('the rooms', () => {
  test('are those of the table, and no others', () => {
    const rooms = new Set(files.map(roomOf).filter((room) => !FOR_EVERYBODY.includes(room)));
    expect([...rooms].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test('are imported only in the direction of the arrows', () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      const allowed = [room, ...FOR_EVERYBODY, ...(MAY_IMPORT[room] ?? [])];
      return importsOf(file)
        .filter((target) => !allowed.includes(roomOf(target)))
        .map((target) => `${file} -> ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test('errors and types import nothing but each other', () => {
    const wrong = FOR_EVERYBODY.flatMap((file) => importsOf(file)).filter(
      (target) => !FOR_EVERYBODY.includes(target),
    );
    expect(wrong).toEqual([]);
  });

  test('a command never imports another command, but for the shared look at an engine', () => {
    const commands = files.filter((file) => file.startsWith('cli/commands/') && !file.endsWith('/index.ts'));
    const wrong = commands.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('cli/commands/'))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the files', () => {
  test('are one idea each: none has more than 300 lines', () => {
    const long = files.filter((file) => source(file).split('\n').length > 300);
    expect(long).toEqual([]);
  });

  test('are no barrels and no drawers', () => {
    const barrels = files.filter(
      (file) => file.endsWith('index.ts') && file !== 'index.ts' && file !== 'cli/commands/index.ts',
    );
    const drawers = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/.test(file));
    expect([...barrels, ...drawers]).toEqual([]);
  });

  test('only the CLI and the files that are processes read the environment, print or exit', () => {
    const impure = /process\.(env|stdout|exit|exitCode|argv)\b/;
    const allowed = (file: string) => file.startsWith('cli/') || PROCESSES.includes(file);
    expect(files.filter((file) => !allowed(file) && impure.test(stripComments(source(file))))).toEqual([]);
  });

  test('the heavy packages are loaded where they are needed, never by an import at the top', () => {
    const heavy = /^import (?!type )[^;]*from '(ink|execa|openai|lmdb|ioredis|prom-client|node-llama-cpp)'/m;
    // Inside a process of its own nobody else waits for it; the other is loaded when a terminal is drawn on.
    const isFree = (file: string) =>
      ['engines/embedded/serve/engine-metrics.ts', 'tui/app.ts'].includes(file);
    expect(files.filter((file) => heavy.test(source(file)) && !isFree(file))).toEqual([]);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
