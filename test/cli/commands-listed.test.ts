import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands/index.js';
import { LISTED } from '../../src/cli/commands/listed.js';
import { commandsOf } from '../../src/cli/commands-of.js';
import type { CommandSpec } from '../../src/cli/define.js';
import { createProgram } from '../../src/cli/program.js';

const ALL = await loadCommands();
const FILE = path.resolve(import.meta.dirname, '../../src/cli/commands/listed.ts');

test('the list of commands says what the commands say (npm run docs rewrites it)', () => {
  const rows = ALL.map(({ path: words, summary, arguments: given = [] }) => ({
    path: words,
    summary,
    ...(given.length > 0 ? { arguments: given.map(({ name }) => name) } : {}),
  }));
  if (process.env.BOTLLM_WRITE_DOCS) {
    writeFileSync(
      FILE,
      `/** What \`botllm --help\` says of each command, so that it need load none. Written by \`npm run docs\`. */\n` +
        `export const LISTED: readonly { path: string; summary: string; arguments?: readonly string[] }[] = ${JSON.stringify(rows)};\n`,
    );
    execaSync('npx', ['biome', 'check', '--write', FILE]);
  } else expect(LISTED).toEqual(rows);
});

async function said(commands: readonly CommandSpec[], argv: readonly string[]): Promise<string> {
  let text = '';
  const take = (part: string) => {
    text += part;
  };
  const options = { commands, version: '1', writeOut: take, writeHint: take, run: async () => undefined };
  const failure = await createProgram(options)
    .parseAsync([...argv], { from: 'user' })
    .then(
      () => '',
      ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
    );
  return text + failure;
}

test.each([
  [[], LISTED.length],
  [['--help'], LISTED.length],
  [['--json', '-h'], LISTED.length],
  [['--lang', 'ru', 'help'], LISTED.length],
  [['help', 'up'], 1],
  [['help', 'cache'], 2],
  [['cache', 'clear', '--help'], 2],
  [['help', 'cahce'], LISTED.length],
  [['--help', 'up'], LISTED.length],
  [['--base-url', 'http://127.0.0.1:1', 'up', '--help'], LISTED.length],
] as const)('%j is answered with few commands as with all of them', async (argv, count) => {
  const few = await commandsOf(argv);
  expect(few).toHaveLength(count);
  expect(await said(few, argv)).toBe(await said(ALL, argv));
});
