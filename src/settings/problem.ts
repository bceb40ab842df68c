import { BotllmError } from '../errors.js';
import { say } from '../language.js';
import { MESSAGES } from './messages.js';
import type { SettingRow } from './row.js';
import type { Given } from './source.js';
import { SETTINGS, type SettingKey } from './table.js';

/** One thing that is wrong with the configuration. */
export interface Problem {
  file?: string | undefined;
  line?: number | undefined;
  /** The key, the variable or the option. */
  name?: string | undefined;
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
}

/** A value out of its range; a secret, and a password inside an address, is not repeated. */
export function badValue(key: SettingKey, { text, source }: Given): Problem {
  const row: SettingRow<unknown> = SETTINGS[key];
  const { name, file, line } = source;
  return {
    file,
    line,
    name,
    message: MESSAGES.badValue(name, quoted(row, text), row.kind.range),
    detail: say(row.meaning),
    hint: MESSAGES.valueHint(name, file === undefined || name === row.name ? '=' : ': ', row.defaultText),
  };
}

function quoted(row: SettingRow<unknown>, text: string): string {
  return row.secret ? MESSAGES.hidden : JSON.stringify(withoutPassword(row, text).slice(0, 80));
}

/** What may be shown of an address: `redis://user:password@host` carries a secret. */
export function withoutPassword(row: SettingRow<unknown>, text: string): string {
  return row.kind.url ? text.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@') : text;
}

/** The problem as the error that ends a command: exit 6. */
export function problemError(problem: Problem, others = 0): BotllmError {
  const { message, detail, hint } = problem;
  const more = others > 0 ? MESSAGES.moreProblems(others) : undefined;
  return new BotllmError('BAD_CONFIG', `${placeOf(problem)}${message}`, {
    detail: detail ?? (more && hint),
    hint: more ?? hint,
  });
}

function placeOf({ file, line }: Problem): string {
  if (file === undefined) return '';
  return line === undefined ? `${file}: ` : `${file}:${line}: `;
}

/** File by file, within one from its top to its end; what stands in no file comes last. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const rank = ({ file }: Problem) => file ?? '\uffff';
  return [...problems].sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) < rank(b) ? -1 : 1;
    return (a.line ?? 0) - (b.line ?? 0);
  });
}
