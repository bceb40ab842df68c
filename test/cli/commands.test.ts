import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMAND_PATHS, loadCommands } from '../../src/cli/commands/index.js';
import { firstWord, namesNothing } from '../../src/cli/first-word.js';
import { createProgram } from '../../src/cli/program.js';

const COMMANDS = await loadCommands();
const CLI = path.resolve(import.meta.dirname, '../../src/cli');

async function type(...argv: string[]) {
  const seen = { out: '', hint: '', ran: '', options: {} as Record<string, unknown>, error: '' };
  const program = createProgram({
    commands: COMMANDS,
    version: '0.0.0',
    writeOut: (text) => {
      seen.out += text;
    },
    writeHint: (text) => {
      seen.hint += text;
    },
    run: async (spec, input) => {
      seen.ran = spec.path;
      seen.options = input.options as Record<string, unknown>;
    },
  });
  await program.parseAsync(argv, { from: 'user' }).catch((error: Error) => {
    seen.error = error.message;
  });
  return seen;
}

describe('the command line', () => {
  test.each(COMMANDS.map((spec) => [spec.path, spec] as const))(
    '%s: help shows its examples, and every example parses',
    async (name, spec) => {
      const { out } = await type(...name.split(' '), '--help');
      for (const example of spec.examples) {
        expect(out).toContain(example);
        const line = example.split(/\||&&/).find((part) => part.includes('botllm')) ?? '';
        const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
        const { ran, error } = await type(...words.slice(1));
        expect([ran, error]).toEqual([name, '']);
      }
    },
  );

  test.each(COMMANDS.map((spec) => spec.path))('%s: its help stays what it is', async (name) => {
    expect((await type(...name.split(' '), '--help')).out).toMatchSnapshot();
  });

  test('suggests the command or option that was meant', async () => {
    expect((await type('stauts')).error).toContain('status');
    expect((await type('up', '--modle', 'x')).error).toContain('--model');
    expect((await type('try', 'intnet', 'x')).error).toContain('intent');
    expect((await type('cache', 'claer')).error).toContain('Did you mean clear?');
    expect((await type('limits', 'rest', '42')).error).toContain('Did you mean reset?');
    expect((await type('models', 'qwen3')).error).toBe("error: unknown command 'qwen3'");
  });

  test('takes global options before and after the command', async () => {
    expect((await type('--json', 'status')).options.json).toBe(true);
    expect((await type('status', '--json')).options.json).toBe(true);
  });

  test.each([
    [['bench', 'capacity', '--duration', '15s'], '--duration'],
    [['bench', 'capacity', '--dry-run'], '--dry-run'],
    [['bench', '--quick', 'capacity'], '--quick'],
    [['bench', 'compare', 'a', 'b', '--concurrency', '2'], '--concurrency'],
    [['limits', 'show', '42', '--top', '3'], '--top'],
    [['limits', '--top', '3', 'reset', '42'], '--top'],
    [['try', 'menu', '--file', 'x.mjs'], '--file'],
  ])('%j: an option of the command above is not taken in silence', async (argv, option) => {
    const { ran, error } = await type(...argv);
    expect([ran, error]).toEqual(['', expect.stringContaining(`unknown option '${option}'`)]);
  });

  test('an option that a command and the one above both have is heard on either side, and so are those of all', async () => {
    expect((await type('bench', '--requests', '40', 'capacity')).options.requests).toBe(40);
    expect((await type('bench', 'capacity', '--requests', '40', '--json')).options).toMatchObject({
      requests: 40,
      json: true,
    });
    for (const argv of [
      ['--timeout', '9s', 'bench', 'capacity'],
      ['bench', '--timeout', '9s', 'capacity'],
      ['--timeout', '3s', 'bench', 'capacity', '--timeout', '9s'],
    ]) {
      expect((await type(...argv)).options.timeout, argv.join(' ')).toBe(9_000);
    }
    expect((await type('bench', 'capacity', '--sed', '7')).error).toContain('Did you mean --seed?');
  });

  test('an option before the word of a command is checked by that command, and by the one above where none follows', async () => {
    const capacity = await type('bench', '--requests', '5', 'capacity');
    expect(capacity).toMatchObject({ ran: '', error: expect.stringContaining('from 10 to 100000') });
    expect((await type('bench', '--requests', '50000', 'capacity')).options.requests).toBe(50_000);
    expect((await type('bench', '--requests', '50000')).error).toContain('from 1 to 10000');
    expect((await type('bench', '--requests', '5')).options.requests).toBe(5);
    expect((await type('bench', '--workload', 'bots', 'capacity')).error).toContain('synthetic, bot');
    expect((await type('bench', '--requests', '5', 'capacity', '--requests', '40')).options.requests).toBe(
      40,
    );
  });

  test('help of a command is found by its words, and of none that is not there', async () => {
    expect((await type('help', 'bench', 'capacity')).out).toContain('--rate-per-user');
    expect((await type('help', '--json', 'up', '--lang', 'en')).out).toContain('Usage: botllm up');
    expect((await type('help')).out).toMatch(/help \[command\.\.\.\] +display help for command/);
    expect(await type('help', 'stauts')).toMatchObject({
      out: '',
      hint: '',
      error: "error: unknown command 'stauts'\n(Did you mean status?)",
    });
    expect((await type('help', 'cache', 'claer')).error).toContain('Did you mean clear?');
    expect((await type('help', 'nosuch')).error).toBe("error: unknown command 'nosuch'");
  });

  test.each([
    [[], true],
    [['--lang', 'ru'], true],
    [['--lang=ru', '-q', '--timeout', '3s'], true],
    [['--lang'], false],
    [['--lang', 'ru', 'status'], false],
    [['--help'], false],
    [['--nosuch'], false],
  ])('%j: nothing but global options names no command: %s', (argv, expected) => {
    expect(namesNothing(argv)).toBe(expected);
  });

  test('refuses values out of range, naming the option', async () => {
    for (const [option, value] of [
      ['--port', '0'],
      ['--port', '70000'],
      ['--memory', 'lots'],
      ['--slots', '0'],
      ['--timeout', 'soon'],
      ['--gpu', 'some'],
      ['--base-url', 'ftp://x'],
      ['--redis', 'http://x'],
    ] as const) {
      expect((await type('up', option, value)).error, `${option} ${value}`).toContain(option);
    }
  });

  test('a group without a command answers with its help', async () => {
    expect((await type('try')).hint).toContain('intent');
    expect((await type()).hint).toContain('botllm');
  });

  test('each is listed under its own words, and is loaded with those that begin like it alone', async () => {
    expect(COMMANDS.map((spec) => spec.path)).toEqual(COMMAND_PATHS);
    expect((await loadCommands('cache')).map((spec) => spec.path)).toEqual(['cache', 'cache clear']);
    expect(await loadCommands('cahce')).toHaveLength(COMMANDS.length);
  });

  test('its first word is found behind flags, and not guessed behind options with values', () => {
    expect(firstWord(['--json', '-q', 'health'])).toBe('health');
    expect(firstWord(['--base-url', 'http://x', 'health'])).toBeUndefined();
    expect(firstWord([])).toBeUndefined();
  });
});

test('every command that asks has a --yes, and no other part of the command line asks', () => {
  const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      /import \{[^}]*\bconfirm\b[^}]*\} from/.test(readFileSync(path.join(CLI, file), 'utf8')),
  );
  const flagsOf = COMMANDS.map(
    ({ path: name, options = [] }) =>
      [`commands/${name.replaceAll(' ', '-')}.ts`, options.map(({ flags }) => flags)] as const,
  );
  expect(files.sort()).toEqual([
    'commands/doctor.ts',
    'commands/limits-reset.ts',
    'commands/support-bundle.ts',
  ]);
  for (const [file, flags] of flagsOf) if (files.includes(file)) expect(flags, file).toContain('-y, --yes');
  expect(flagsOf.map(([file]) => file)).toEqual(expect.arrayContaining(files));
});
