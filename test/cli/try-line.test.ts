import { describe, expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands/index.js';
import { createProgram } from '../../src/cli/program.js';

const COMMANDS = await loadCommands();

async function type(...argv: string[]) {
  const seen = {
    hint: '',
    ran: '',
    arguments: [] as unknown,
    options: {} as Record<string, unknown>,
    error: '',
  };
  const program = createProgram({
    commands: COMMANDS,
    version: '0.0.0',
    writeOut: () => {},
    writeHint: (text) => {
      seen.hint += text;
    },
    run: async (spec, input) => {
      Object.assign(seen, input, { ran: spec.path });
    },
  });
  await program.parseAsync(argv, { from: 'user' }).catch((error: Error) => {
    seen.error = error.message;
  });
  return seen;
}

describe('try, a command and a group in one', () => {
  test.each([
    [['try', '--file', 'x.mjs', 'hello']],
    [['try', 'hello', '--file', 'x.mjs']],
    [['--json', 'try', '--file=x.mjs', 'hello']],
  ])('%j runs the file', async (argv) => {
    const { ran, arguments: args, options, error } = await type(...argv);
    expect([ran, args, options.file, error]).toEqual(['try', ['hello'], 'x.mjs', '']);
  });

  test('without --file it stays a group: help alone, a suggestion for a slip', async () => {
    expect((await type('try')).hint).toContain('validate');
    expect((await type('try', 'valdate', 'x')).error).toContain('validate');
    expect(await type('try', 'some text')).toMatchObject({
      ran: '',
      error: expect.stringContaining('unknown command'),
    });
    expect(await type('try', '--user', '7')).toMatchObject({ ran: '' });
  });

  test('beside a task, --file is seen by the task, which refuses it', async () => {
    expect(await type('try', '--file', 'x.mjs', 'menu')).toMatchObject({
      ran: 'try menu',
      options: { file: 'x.mjs' },
    });
  });

  test.each([
    [['try', 'intent', 'x', '--no-cache', '--user', '7']],
    [['try', '--no-cache', '--user', '7', 'intent', 'x']],
    [['try', '--file', 'x.mjs', 'x', '--no-cache', '--user', '7']],
  ])('%j: an option is heard wherever it stands', async (argv) => {
    expect((await type(...argv)).options).toMatchObject({ cache: false, user: '7' });
  });

  test('what is not said stays the default', async () => {
    expect((await type('try', 'intent', 'x')).options).toMatchObject({ cache: true });
  });

  test('every try has the same options after its own', () => {
    const common = COMMANDS.filter(({ path }) => path.split(' ')[0] === 'try').map(({ options = [] }) =>
      options.slice(-6).map(({ flags }) => flags),
    );
    expect(common).toHaveLength(5);
    for (const flags of common) expect(flags).toEqual(common[0]);
  });
});
