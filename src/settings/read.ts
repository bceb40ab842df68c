import { badValue, problemError } from './problem.js';
import { saysNothing } from './row.js';
import { SETTING_ROWS, type Settings } from './table.js';

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
  for (const [key, row] of SETTING_ROWS) {
    const text = env[row.name];
    if (text === undefined || saysNothing(row.name, text)) continue;
    const value = row.kind.parse(text.trim());
    if (value === undefined) {
      throw problemError(badValue(key, { text, source: { layer: 'shell', name: row.name } }));
    }
    settings[key] = value;
  }
  return settings as Settings;
}
