import { BotllmError } from '../errors.js';
import { messages } from './messages.js';
import { SETTINGS, type SettingRow, type Settings } from './table.js';

/** An environment: `process.env`, or any record of the same shape. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * For a runtime: the documented variables of an environment that the caller passes (the library itself never
 * looks at `process.env`), ready for `createLlmClient`. The model is off until `LLM_ENABLED=true`.
 * @throws BotllmError `BAD_CONFIG`, naming variable, value and range; never a silent default
 */
export function settingsFromEnv(env: Env): Settings & { enabled: boolean } {
  const settings = readSettings(env);
  return { ...settings, enabled: settings.enabled ?? false };
}

/** What the environment says and nothing more; an empty variable counts as unset. */
export function readSettings(env: Env): Settings {
  const settings: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(SETTINGS) as [string, SettingRow<unknown>][]) {
    const given = env[row.name];
    if (given === undefined || given.trim() === '') continue;
    settings[key] = parseSetting(row, given);
  }
  return settings as Settings;
}

function parseSetting<T>(row: SettingRow<T>, given: string): T {
  const value = row.kind.parse(given.trim());
  if (value === undefined) {
    const shown = row.secret ? messages.hidden : JSON.stringify(given.slice(0, 80));
    throw new BotllmError('BAD_CONFIG', messages.badValue(row.name, shown, row.kind.range), {
      detail: row.meaning,
      hint: messages.badValueHint(row.name, row.defaultText),
    });
  }
  return value;
}
