import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEVEL_COLUMNS, MODEL_COLUMNS } from '../../src/bench/report/columns.js';
import { loadCommands } from '../../src/cli/commands/index.js';
import { GLOBAL_OPTIONS } from '../../src/cli/define.js';
import { createProgram } from '../../src/cli/program.js';
import { ASKING } from '../../src/cli/russian/asking.js';
import { EVERYWHERE } from '../../src/cli/russian/everywhere.js';
import { LABELS } from '../../src/cli/russian/labels.js';
import { MEASURING } from '../../src/cli/russian/measuring.js';
import { RUNNING } from '../../src/cli/russian/running.js';
import { RUSSIAN } from '../../src/cli/russian.js';
import { usageMessages } from '../../src/cli/usage-messages.js';
import { speak } from '../../src/language.js';
import { CATALOGUE } from '../../src/models/catalogue.js';
import { CATALOGUE_TEXTS } from '../../src/models/catalogue.ru.js';
import { badValue } from '../../src/settings/problem.js';
import { SETTING_TEXTS } from '../../src/settings/rows.ru.js';
import { SETTING_ROWS } from '../../src/settings/table.js';
import { KEYS } from '../../src/tui/keys.js';
import { TUI_TEXTS } from '../../src/tui/keys.ru.js';

const COMMANDS = await loadCommands();
const HELPS = COMMANDS.flatMap(({ summary, arguments: args = [], options = [] }) => [
  summary,
  ...[...args, ...options].map(({ description }) => description),
]);
const missing = (texts: readonly string[]) => [
  ...new Set(texts.filter((text) => RUSSIAN.texts[text] === undefined && /[a-z]{3}/.test(text))),
];

/** Everything that a command line prints, without running it. */
async function type(...argv: string[]): Promise<string> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const program = createProgram({
    commands: COMMANDS,
    version: '0.0.0',
    writeOut: write,
    writeHint: write,
    run: async () => undefined,
  });
  await program.parseAsync(argv, { from: 'user' }).catch((error: Error) => {
    const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
    if (!first.startsWith('(outputHelp')) said += [first, ...rest].map(usageMessages.mistake).join('\n');
  });
  return said;
}

describe('every text of help', () => {
  test('has its Russian translation', () => {
    expect(missing([...HELPS, ...GLOBAL_OPTIONS.map(({ description }) => description)])).toEqual([]);
  });

  test('is still said: no translation is of a text that is gone', () => {
    const said = new Set(HELPS);
    const stale = [RUNNING, ASKING, MEASURING].flatMap(Object.keys).filter((text) => !said.has(text));
    // The line of a group, which no command has.
    expect(stale).toEqual(['run a prompt config against the model']);
  });

  test('is translated once', () => {
    const all = [RUNNING, ASKING, MEASURING, EVERYWHERE, LABELS, SETTING_TEXTS, CATALOGUE_TEXTS, TUI_TEXTS];
    const keys = all.flatMap(Object.keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});

test('every setting is explained in Russian, its default and its range too, and none that is gone', () => {
  const said = SETTING_ROWS.flatMap(([, row]) => [row.meaning, row.kind.range, row.defaultText]);
  const words = said.filter((text) => / /.test(text));
  expect(missing(words)).toEqual([]);
  expect(Object.keys(SETTING_TEXTS).filter((text) => !said.includes(text))).toEqual([]);
});

test('every model of the catalogue is described in Russian, and none that is gone', () => {
  const said = CATALOGUE.entries.flatMap(({ goodFor, licence, guideWord = '' }) => [
    goodFor,
    guideWord,
    ...(licence.note ? [licence.note] : []),
  ]);
  expect(missing(said)).toEqual([]);
  expect(Object.keys(CATALOGUE_TEXTS).filter((text) => !said.includes(text))).toEqual([]);
});

test('every column of a report has a Russian head', () => {
  expect(missing([...MODEL_COLUMNS, ...LEVEL_COLUMNS].map(({ head }) => head))).toEqual([]);
});

test('every key of the screens is explained in Russian', () => {
  expect(missing(KEYS.map(({ meaning }) => meaning))).toEqual([]);
});

describe('in Russian', () => {
  beforeEach(() => speak('ru', RUSSIAN));
  afterEach(() => speak('en'));

  test.each(COMMANDS.map((spec) => [spec.path, spec] as const))(
    '%s: its help has no English left, and its examples stay',
    async (name, { examples }) => {
      const help = await type(...name.split(' '), '--help');
      for (const example of examples) expect(help).toContain(example);
      const [words = ''] = help.split('\nПримеры:');
      expect(words).toMatch(/Использование: botllm/);
      expect(words.match(/^.*\b(the|is|and|choices|display)\b.*$/gm) ?? []).toEqual([]);
    },
  );

  test('help without a command is Russian to its last line', async () => {
    const help = await type('--help');
    expect(help.trimEnd().split('\n').at(-1)).toMatch(
      /^ +help \[command\.\.\.\] +показать справку по команде$/,
    );
  });

  test('a bad value is explained in Russian, meaning and all', () => {
    const problem = badValue('timeoutMs', { text: 'abc', source: { layer: 'shell', name: 'LLM_TIMEOUT' } });
    expect(problem.detail).toBe('Одна попытка; в потоке — до первого содержимого');
  });

  test.each([
    [['stauts'], "неизвестная команда 'stauts'\n(Возможно, имелось в виду одно из: stats, status?)"],
    [['up', '--modle', 'x'], "неизвестная опция '--modle'\n(Возможно, имелось в виду --model?)"],
    [['cache', 'claer'], "неизвестная команда 'claer'\n(Возможно, имелось в виду clear?)"],
    [['up', '--lang', 'rus'], "опции '--lang <language>' не подходит значение 'rus'. Допустимо: en, ru."],
    [['up', '--slots', '0'], "опции '--slots <n>' не подходит значение '0'. Укажите целое число от 1 до 64."],
    [['up', '--port'], "у опции '--port <n>' нет значения"],
    [['switch'], "не указан обязательный аргумент 'model'"],
    [
      ['completion', 'tcsh'],
      "аргументу 'shell' не подходит значение 'tcsh'. Допустимо: bash, zsh, fish, powershell.",
    ],
    [['down', 'now'], "лишние аргументы у 'down': ожидалось 0 аргументов, указано 1."],
  ])('%j: the mistake is named', async (argv, sentence) => {
    expect(await type(...argv)).toBe(sentence);
  });
});
