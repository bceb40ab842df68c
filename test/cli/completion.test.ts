import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands/index.js';
import { offer } from '../../src/cli/completion/candidates.js';
import { complete } from '../../src/cli/completion/complete.js';
import { SCRIPTS, SHELLS } from '../../src/cli/completion/scripts.js';
import { lineOf, linesFor } from '../../src/cli/completion/words.js';
import { GLOBAL_OPTIONS } from '../../src/cli/define.js';
import { speak } from '../../src/language.js';
import { freePort } from '../support/cli.js';

const COMMANDS = await loadCommands();
const at = (current: string, ...before: string[]) => offer(COMMANDS, GLOBAL_OPTIONS, before, current);
const values = (current: string, ...before: string[]) =>
  at(current, ...before).known.map(({ value }) => value);

describe('what is offered', () => {
  test('the commands, and behind a group those below it', () => {
    expect(values('')).toEqual(expect.arrayContaining(['up', 'try', 'cache', 'completion', 'help']));
    expect(values('', 'try')).toEqual(['intent', 'validate', 'menu', 'improve']);
    expect(values('', '--json', '--timeout', '5s', 'cache')).toEqual(['clear']);
    expect(at('', 'up').known).toEqual([]);
  });

  test('each command with its summary, and each option with its description', () => {
    const about = (word: string, found = at(word).known) => found.find(({ value }) => value === word);
    expect(about('status')?.description).toBe('say what runs, where and with which model');
    expect(about('--engine', at('--', 'up').known)?.description).toMatch(/\w+ \w+/);
  });

  test('a command’s options and those of every command', () => {
    expect(values('--', 'up')).toEqual(expect.arrayContaining(['--engine', '--model', '--json', '--help']));
    expect(values('--', 'down')).not.toContain('--model');
    expect(values('--')).toEqual(expect.arrayContaining(['--json', '--help', '--version']));
  });

  test('behind help the commands again', () => {
    expect(values('', 'help')).toEqual(expect.arrayContaining(['up', 'bench']));
    expect(values('', 'help', 'bench')).toEqual(expect.arrayContaining(['capacity']));
    expect(values('', 'help')).not.toContain('help');
  });

  test('the choices of an option, with a space before them and with an equals sign', () => {
    expect(values('', 'up', '--engine')).toContain('embedded');
    expect(at('--engine=', 'up')).toMatchObject({ prefix: '--engine=' });
    expect(values('--engine=', 'up')).toContain('embedded');
    expect(values('', '--lang')).toEqual(['en', 'ru']);
  });

  test('what kind of value an option or an argument takes', () => {
    expect(at('', 'up', '--model').source).toBe('models');
    expect(at('', 'models', 'show').source).toBe('models');
    expect(at('', 'limits', 'show').source).toBe('users');
    expect(at('', 'limits', 'show', '42').source).toBeUndefined();
    expect(at('', 'limits', 'show', '--scope', 'bot').source).toBe('users');
    expect(at('', 'cache', 'clear', '--scope').source).toBe('scopes');
    expect(at('', 'completion').known.map(({ value }) => value)).toContain('fish');
  });

  test('an option that may stand without a value: its values, and behind another option its own', () => {
    expect(at('', 'logs', '--event').source).toBe('events');
    expect(values('-', 'logs', '--event')).toContain('--follow');
    expect(at('', 'logs', '--event', '--since').source).toBeUndefined();
    expect(at('--event=', 'logs')).toMatchObject({ source: 'events', prefix: '--event=' });
  });

  test('users, models, tasks and scopes wherever an option takes one', () => {
    const kinds = {
      user: 'users',
      model: 'models',
      task: 'tasks',
      scope: 'scopes',
      event: 'events',
    } as const;
    const options = COMMANDS.flatMap(({ path, options = [] }) => options.map((one) => ({ path, ...one })));
    for (const [name, kind] of Object.entries(kinds)) {
      const taking = options.filter(({ flags }) => new RegExp(`--${name} [<[]`).test(flags));
      expect(taking.length, name).toBeGreaterThan(0);
      for (const { path, values: source, choices } of taking)
        expect(choices ?? source, `${path} --${name}`).toEqual(choices ?? kind);
    }
  });
});

describe('a line', () => {
  const word = (value: string, description = '') => ({ value, description });

  test('is given what begins like the word at the cursor, and nothing else', () => {
    for (const shell of SHELLS) {
      const line = lineOf(shell, 'st', []);
      expect(linesFor(shell, line, [word('stats'), word('top'), word('status')])).toEqual([
        'stats',
        'status',
      ]);
    }
  });

  test('puts together what bash cuts at colons and equals signs, and offers the part that is missing', () => {
    const line = lineOf('bash', ':', ['limits', 'show', 'tg']);
    expect(line).toMatchObject({ before: ['limits', 'show'], current: 'tg:' });
    expect(linesFor('bash', line, [word('tg:42')])).toEqual(['42']);
    expect(linesFor('bash', lineOf('bash', '4', ['limits', 'show', 'tg', ':']), [word('tg:42')])).toEqual([
      '42',
    ]);
    expect(linesFor('bash', lineOf('bash', '', ['up', '--engine', '=']), [word('--engine=native')])).toEqual([
      'native',
    ]);
  });

  test('is left whole where bash was told not to cut there', () => {
    expect(linesFor('bash', lineOf('bash', 'tg:4', ['limits', 'show']), [word('tg:42')])).toEqual(['tg:42']);
    expect(linesFor('bash', lineOf('bash', '"tg:4', ['limits', 'show']), [word('tg:42')])).toEqual(['tg:42']);
  });

  test('carries the description as each shell has it, without what would break or steer it', () => {
    const offered = [word('tg:42', 'a:b\u001b[2J\nc')];
    const [bash, zsh, fish, powershell] = SHELLS.map((shell) =>
      linesFor(shell, lineOf(shell, '', []), offered),
    );
    expect(bash).toEqual(['tg:42']);
    expect(zsh).toEqual(['tg\\:42:a:b [2J c']);
    expect(fish).toEqual(['tg:42\ta:b [2J c']);
    expect(powershell).toEqual(fish);
  });

  test('is never given a name that a shell would take for more than a name', () => {
    const hostile = [
      '$(touch x)',
      'a b',
      '`id`',
      'a;b',
      'x\u001b[2J',
      '*',
      '~',
      '{a,b}',
      "'",
      'a\\b',
      '!!',
      '',
    ].map((value) => word(value));
    for (const shell of SHELLS) expect(linesFor(shell, lineOf(shell, '', []), hostile)).toEqual([]);
  });
});

describe('what a shell asks at every Tab', () => {
  const ask = async (args: readonly string[], env: Record<string, string> = {}) => {
    const written = { out: '', err: '' };
    const into = (key: 'out' | 'err') => ({ write: (text: string) => (written[key] += text) });
    const folders = { cwd: '/nowhere', home: '/nowhere', userConfig: '/nowhere' };
    const streams = { stdin: () => Readable.from([]), stdout: into('out'), stderr: into('err') };
    await complete(args, { env: { BOTLLM_HOME: '/nowhere', ...env }, folders, ...streams });
    return written;
  };

  test('is answered in the language of the locale', async () => {
    expect((await ask(['fish', ':stats'], { LANG: 'ru_RU.UTF-8' })).out).toMatch(/^stats\t[^\n]*[а-я]{3}/);
    speak('en');
    expect((await ask(['bash', ':--eng', 'up'])).out).toBe('--engine\n');
    expect((await ask(['fish', ':--engine=em', 'up'])).out).toBe('--engine=embedded\n');
  });

  test('is answered with nothing, and not a word, where something is wrong', async () => {
    const nothing = { out: '', err: '' };
    expect(await ask(['tcsh', ':st'])).toEqual(nothing);
    expect(await ask([])).toEqual(nothing);
    const away = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    expect(await ask(['bash', ':', 'limits', 'show'], away)).toEqual(nothing);
    expect(await ask(['bash', ':in', 'cache', 'clear', '--task'], away)).toEqual({
      out: 'intent\n',
      err: '',
    });
    expect(await ask(['bash', ':', 'limits', 'show', '--config', '/no/such.yaml'])).toEqual(nothing);
    expect((await ask(['bash', ':phi', 'up', '--model'], { LLM_TIMEOUT: 'soon' })).out).toContain(
      'phi3-mini\n',
    );
  });
});

test.each(SHELLS)(
  'the script of %s hands over the word at the cursor behind a colon, and hides errors',
  (shell) => {
    const script = SCRIPTS[shell];
    expect(script.split('\n').slice(0, 2).join()).toContain(`botllm completion ${shell}`);
    expect(script).toMatch(new RegExp(`botllm complete ${shell} ":`));
    expect(script).toMatch(/2>(\/dev\/null|\$null)/);
  },
);

// No PowerShell is at hand to run it: these are the parts that it cannot do without.
test('the script of PowerShell leaves out the program and the word at the cursor, and parts value and description', () => {
  const script = SCRIPTS.powershell;
  expect(script).toContain('Register-ArgumentCompleter -Native -CommandName botllm');
  expect(script).toContain('Select-Object -Skip 1 |');
  expect(script).toContain('$_.Extent.EndOffset -lt $cursorPosition');
  expect(script).toContain('$_ -split "`t", 2');
});
