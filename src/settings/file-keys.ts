import { MESSAGES } from './messages.js';
import type { Suggest } from './source.js';
import { SETTING_ROWS, type SettingKey } from './table.js';

/** The name of a setting in a file, where a bare number of a duration is seconds: `timeoutMs` is `timeout`. */
export function fileKey(key: SettingKey): string {
  return key.replace(/Ms$/, '');
}

const FILE_KEYS = SETTING_ROWS.map(([key]) => fileKey(key));

/** A setting's file key and its variable's name both stand for it. */
const KEY_OF: ReadonlyMap<string, SettingKey> = new Map(
  SETTING_ROWS.flatMap(([key, row]) => [[fileKey(key), key] as const, [row.name, key] as const]),
);

export function keyNamed(name: string): SettingKey | undefined {
  return KEY_OF.get(name);
}

/** `{apiKey:secret}` is one key to YAML: what follows the name stays unsaid. */
export function shownKey(name: string): string {
  return /^[\w.-]{0,40}/.exec(name)?.[0] ?? '';
}

/** What a mistyped key may have meant, in words. */
export function meantKey(name: string, others: readonly string[], suggest: Suggest): string | undefined {
  const near = suggest(name, [...FILE_KEYS, ...others]);
  const meant = near.length > 0 ? near : suggest(name, [...KEY_OF.keys()]);
  return meant.length > 0 ? MESSAGES.didYouMean(meant) : undefined;
}
