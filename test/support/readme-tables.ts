import { loadCommands } from '../../src/cli/commands/index.js';
import { EXIT } from '../../src/cli/exit-codes.js';
import { fileKey } from '../../src/settings/file-keys.js';
import { SETTING_ROWS } from '../../src/settings/table.js';
import { KEYS } from '../../src/tui/keys.js';
import { INTENT_HEAD, INTENT_ROWS } from './quality-reports.js';

const COMMANDS = await loadCommands();

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

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** README's tables as the code has them, by the name of their markers. */
export const README_TABLES: Readonly<Record<string, string>> = {
  commands: table(
    ['command', 'what it does'],
    COMMANDS.map(({ path, arguments: args = [], summary }) => [
      `\`botllm ${[path, ...args.map((a) => a.name)].join(' ')}\``,
      summary,
    ]),
  ),
  settings: table(
    ['variable', 'in a file', 'default', 'meaning', 'range'],
    SETTING_ROWS.map(([key, row]) => [
      `\`${row.name}\``,
      `\`${fileKey(key)}\``,
      row.defaultText,
      row.meaning,
      row.kind.range,
    ]),
  ),
  keys: table(
    ['key', 'in `botllm top`'],
    KEYS.map(({ shown, meaning }) => [`\`${shown}\``, meaning]),
  ),
  quality: table(INTENT_HEAD, INTENT_ROWS),
  exits: table(
    ['code', 'meaning'],
    (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [String(EXIT[name]), MEANING[name]]),
  ),
};

/** A README with its generated tables put in place. */
export function withTables(readme: string): string {
  return Object.entries(README_TABLES).reduce((text, [name, content]) => {
    const between = new RegExp(`(<!-- ${name}:begin[^\\n]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    return text.replace(between, (_, begin: string, end: string) => `${begin}${content}\n${end}`);
  }, readme);
}
