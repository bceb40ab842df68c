import { loadCommands } from '../../src/cli/commands/index.js';
import { EXIT } from '../../src/cli/exit-codes.js';
import { RUSSIAN } from '../../src/cli/russian.js';
import { fileKey } from '../../src/settings/file-keys.js';
import { SETTING_ROWS } from '../../src/settings/table.js';
import { KEYS } from '../../src/tui/keys.js';
import { INTENT_HEAD, INTENT_ROWS, TASK_HEAD, TASK_ROWS } from './quality-reports.js';

const COMMANDS = await loadCommands();
/** English in README.md, Russian in README.ru.md. */
type Say = (english: string) => string;

const MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  failed: 'failed: unexpected, or the engine’s own error',
  usage: 'usage: an unknown command, option or model alias, a bad text',
  notRunning: 'not running',
  notReady: 'not ready, or timed out',
  missingPrerequisite: 'a prerequisite is missing: memory, disk, port, a model’s file',
  badConfig: 'bad configuration',
  rateLimited: 'rate limited',
  gateFailed: 'a gate failed',
  interrupted: 'interrupted (Ctrl-C)',
  terminated: 'terminated',
};

/** What only README says of the tables. */
const RUSSIAN_ONLY_HERE: Readonly<Record<string, string>> = {
  command: 'команда',
  'what it does': 'что делает',
  variable: 'переменная',
  'in a file': 'в файле',
  default: 'по умолчанию',
  meaning: 'смысл',
  range: 'допустимо',
  key: 'клавиша',
  'in `botllm top`': 'в `botllm top`',
  code: 'код',
  done: 'выполнено',
  'failed: unexpected, or the engine’s own error': 'сбой: неожиданный или ошибка самого движка',
  'usage: an unknown command, option or model alias, a bad text':
    'ошибка вызова: неизвестная команда, опция или псевдоним модели, негодный текст',
  'not running': 'не запущен',
  'not ready, or timed out': 'не готов, или время вышло',
  'a prerequisite is missing: memory, disk, port, a model’s file':
    'чего-то не хватает: памяти, диска, порта, файла модели',
  'bad configuration': 'ошибка в конфигурации',
  'rate limited': 'превышен лимит вызовов',
  'a gate failed': 'порог не пройден',
  'interrupted (Ctrl-C)': 'прервано (Ctrl-C)',
  terminated: 'завершено сигналом',
};

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** README's tables as the code has them, by the name of their markers. */
const tablesIn = (say: Say): Readonly<Record<string, string>> => ({
  commands: table(
    ['command', 'what it does'].map(say),
    COMMANDS.map(({ path, arguments: args = [], summary }) => [
      `\`botllm ${[path, ...args.map((a) => a.name)].join(' ')}\``,
      say(summary),
    ]),
  ),
  settings: table(
    ['variable', 'in a file', 'default', 'meaning', 'range'].map(say),
    SETTING_ROWS.map(([key, row]) => [
      `\`${row.name}\``,
      `\`${fileKey(key)}\``,
      say(row.defaultText),
      say(row.meaning),
      say(row.kind.range),
    ]),
  ),
  keys: table(
    ['key', 'in `botllm top`'].map(say),
    KEYS.map(({ shown, meaning }) => [`\`${shown}\``, say(meaning)]),
  ),
  quality: table(INTENT_HEAD, INTENT_ROWS),
  tasks: table(TASK_HEAD, TASK_ROWS),
  exits: table(
    ['code', 'meaning'].map(say),
    (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [String(EXIT[name]), say(MEANING[name])]),
  ),
});

export const README_TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': tablesIn((english) => english),
  'README.ru.md': tablesIn((english) => RUSSIAN_ONLY_HERE[english] ?? RUSSIAN.texts[english] ?? english),
};

/** A README with its generated tables put in place. */
export function withTables(readme: string, file: string): string {
  return Object.entries(README_TABLES[file] ?? {}).reduce((text, [name, content]) => {
    const between = new RegExp(`(<!-- ${name}:begin[^\\n]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    return text.replace(between, (_, begin: string, end: string) => `${begin}${content}\n${end}`);
  }, readme);
}
