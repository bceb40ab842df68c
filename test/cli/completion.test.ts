import { expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands/index.js';
import { offer } from '../../src/cli/completion/candidates.js';
import { lineOf, linesFor } from '../../src/cli/completion/words.js';
import { GLOBAL_OPTIONS } from '../../src/cli/define.js';

const COMMANDS = await loadCommands();
const at = (current: string, ...before: string[]) => offer(COMMANDS, GLOBAL_OPTIONS, before, current);
const values = (current: string, ...before: string[]) =>
  at(current, ...before).known.map(({ value }) => value);

test('offers the commands, and behind a group those below it', () => {
  expect(values('')).toEqual(expect.arrayContaining(['up', 'try', 'cache', 'completion']));
  expect(values('', 'try')).toEqual(['intent', 'validate', 'menu', 'improve']);
  expect(values('', '--json', '--timeout', '5s', 'cache')).toEqual(['clear']);
});

test('offers a command’s options and those of every command', () => {
  expect(values('--', 'up')).toEqual(expect.arrayContaining(['--engine', '--model', '--json']));
  expect(values('--', 'down')).not.toContain('--model');
});

test('offers the choices of an option, with a space before them and with an equals sign', () => {
  expect(values('', 'up', '--engine')).toContain('embedded');
  expect(at('--engine=', 'up')).toMatchObject({ prefix: '--engine=' });
  expect(values('--engine=', 'up')).toContain('embedded');
});

test('knows what kind of value an option or an argument takes', () => {
  expect(at('', 'up', '--model').source).toBe('models');
  expect(at('', 'models', 'show').source).toBe('models');
  expect(at('', 'limits', 'show').source).toBe('users');
  expect(at('', 'limits', 'show', '42').source).toBeUndefined();
  expect(at('', 'completion').known.map(({ value }) => value)).toContain('fish');
});

test('puts together what bash cuts at colons and equals signs, and offers the part that is missing', () => {
  const line = lineOf('bash', '', ['limits', 'show', 'tg', ':']);
  expect(line).toEqual({ before: ['limits', 'show'], current: 'tg:', kept: 3 });
  expect(linesFor('bash', line, [{ value: 'tg:42', description: '' }])).toEqual(['42']);
});

test('never offers a name that a shell would take for more than a name', () => {
  const hostile = ['$(touch x)', 'a b', '`id`', 'a;b', 'x\u001b[2J', '*'].map((value) => ({
    value,
    description: '',
  }));
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'] as const) {
    expect(linesFor(shell, lineOf(shell, '', []), hostile)).toEqual([]);
  }
});
