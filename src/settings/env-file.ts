import { parseEnv } from 'node:util';
import { MESSAGES } from './messages.js';
import type { Problem } from './problem.js';
import type { Given, Suggest } from './source.js';
import { SETTING_ROWS, type SettingKey } from './table.js';

/** A `.env` belongs to other programs as well and may be longer than a configuration. */
export const ENV_LIMIT_BYTES = 1024 * 1024;

/**
 * The documented variables of a `.env`; every other one is somebody else's. It is read by Node's own rules,
 * so that a runtime started with `node --env-file` sees the same: of two lines the last one counts.
 */
export function readEnvText(file: string, text: string) {
  const parsed = parseEnv(text);
  const values = new Map<SettingKey, Given>();
  const problems: Problem[] = [];
  // A line that is no NAME=value becomes part of the next name, which would be lost without a word.
  const swallowed = new Set(
    Object.keys(parsed).flatMap((name) => (name.includes('\n') ? [lastName(name)] : [])),
  );
  for (const [key, { name }] of SETTING_ROWS) {
    const line = lineOf(text, name);
    const given = parsed[name];
    if (given !== undefined && given.trim() !== '') {
      values.set(key, {
        text: given,
        source: { layer: '.env', name, file, ...(line === undefined ? {} : { line }) },
      });
    }
    if (swallowed.has(name)) problems.push({ file, line, name, message: MESSAGES.swallowed(name) });
  }
  return { values, problems, names: Object.keys(parsed) };
}

/** Names that look like ours and are not, each with the one that was probably meant. */
export function strayNames(names: readonly string[], suggest: Suggest): string[] {
  const known = SETTING_ROWS.map(([, row]) => row.name);
  const strange = new Set(names.filter((name) => /^(BOT)?LLM_\w+$/.test(name) && !known.includes(name)));
  return [...strange].flatMap((name) => {
    const [meant] = suggest(name, known);
    return meant === undefined ? [] : [MESSAGES.stray(name, meant)];
  });
}

function lastName(broken: string): string {
  return (broken.split('\n').at(-1) ?? '').trim().replace(/^export\s+/, '');
}

function lineOf(text: string, name: string): number | undefined {
  const start = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`);
  const index = text.split('\n').findLastIndex((line) => start.test(line));
  return index < 0 ? undefined : index + 1;
}
