import { fileKey } from './file-keys.js';
import { text as textKind } from './kinds.js';
import { withoutPassword } from './problem.js';
import type { Resolved } from './resolve.js';
import type { SettingRow } from './row.js';
import type { LayerName } from './source.js';
import { SETTING_ROWS, type SettingKey } from './table.js';

/** A setting as it stands now, fit to be shown. */
export interface ShownSetting {
  setting: SettingKey;
  /** Its name in a configuration file, and the variable's. */
  key: string;
  variable: string;
  /** As written; of a default, in words. Absent for a secret. */
  text?: string;
  /** Parsed (durations in milliseconds); absent for a secret, a bad value, and a default that is computed. */
  value?: unknown;
  source: LayerName;
  file?: string;
  line?: number;
  default: string;
  /** Present for a secret: whether there is one. */
  set?: boolean;
}

/** Every setting with its value and where that came from. Of a secret it is told whether there is one. */
export function showSettings({ given, settings }: Resolved): ShownSetting[] {
  return SETTING_ROWS.map(([key, row]) => {
    const found = given.get(key);
    const { layer = 'default', file, line } = found?.source ?? {};
    const value = found ? settings[key] : constantDefault(row);
    const told = {
      setting: key,
      key: fileKey(key),
      variable: row.name,
      source: layer as LayerName,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      default: row.defaultText,
    };
    if (row.secret) return { ...told, set: found !== undefined };
    return {
      ...told,
      text: found ? withoutPassword(row, found.text) : row.defaultText,
      ...(value === undefined ? {} : { value: safe(row, value) }),
    };
  });
}

function safe(row: SettingRow<unknown>, value: unknown): unknown {
  return typeof value === 'string' ? withoutPassword(row, value) : value;
}

/** A default that is a value and not a description of how one is found. */
export function constantDefault({ kind, defaultText }: SettingRow<unknown>): unknown {
  return kind === textKind ? undefined : kind.parse(defaultText);
}
