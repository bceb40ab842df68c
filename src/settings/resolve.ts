import path from 'node:path';
import { badValue, type Problem } from './problem.js';
import type { Env } from './read.js';
import { type SettingRow, saysNothing } from './row.js';
import type { Given, GivenValues, Source } from './source.js';
import { SETTING_ROWS, SETTINGS, type SettingKey, type Settings } from './table.js';

export interface Resolved {
  settings: Settings;
  /** Of every setting that somebody gave. */
  given: ReadonlyMap<SettingKey, Given>;
  /** Bad values of settings that count: no command runs with them. */
  problems: Problem[];
  /** Bad values that a stronger layer hides today. */
  hidden: Problem[];
}

/** For every setting the strongest layer that gives it; a bad value there never falls through to the next. */
export function resolveLayers(layers: readonly GivenValues[], home: string): Resolved {
  const settings: Record<string, unknown> = {};
  const given = new Map<SettingKey, Given>();
  const problems: Problem[] = [];
  const hidden: Problem[] = [];
  for (const [key, row] of SETTING_ROWS) {
    for (const layer of layers) {
      const found = layer.get(key);
      if (!found) continue;
      const text = fromItsFolder(row, found, home);
      const value = row.kind.parse(text);
      const counts = !given.has(key);
      if (counts) given.set(key, { text, source: found.source });
      if (value === undefined) (counts ? problems : hidden).push(badValue(key, found));
      else if (counts) settings[key] = value;
    }
  }
  return { settings: settings as Settings, given, problems, hidden };
}

/** The variables of a shell as a layer; an empty one counts as unset. */
export function envValues(env: Env): GivenValues {
  const values = new Map<SettingKey, Given>();
  for (const [key, { name }] of SETTING_ROWS) {
    const text = env[name];
    if (text === undefined || saysNothing(name, text)) continue;
    values.set(key, { text, source: { layer: 'shell', name } });
  }
  return values;
}

/** What command line options say. */
export function flagValues(
  flags: Readonly<Partial<Record<SettingKey, { option: string; text: string | undefined }>>>,
): GivenValues {
  const values = new Map<SettingKey, Given>();
  for (const [key] of SETTING_ROWS) {
    const flag = flags[key];
    if (flag?.text === undefined) continue;
    const source: Source = { layer: 'flag', name: flag.option };
    values.set(key, { text: flag.text, source });
  }
  return values;
}

/** What a shell does with a path before a program sees it, a file's reader must do. */
function fromItsFolder(row: SettingRow<unknown>, { text, source }: Given, home: string): string {
  const trimmed = text.trim();
  if (row.path === undefined || source.file === undefined) return trimmed;
  if (/^~[/\\]/.test(trimmed)) return path.join(home, trimmed.slice(2));
  const isPath = row.path === 'always' || /^\.{1,2}[/\\]|^[^/\\:]+\.gguf$/.test(trimmed);
  return isPath ? path.resolve(path.dirname(source.file), trimmed) : trimmed;
}

/**
 * The environment for a program that is to see the same settings: the shell's as it is, and the settings that
 * were given elsewhere under their variables' names. Nothing else of a `.env` travels on.
 */
export function withSettings(env: Env, { given }: Pick<Resolved, 'given'>): Env {
  const elsewhere = [...given].filter(([, { source }]) => source.layer !== 'shell');
  return { ...env, ...Object.fromEntries(elsewhere.map(([key, { text }]) => [SETTINGS[key].name, text])) };
}
