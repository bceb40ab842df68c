import type { SettingKind } from './kinds.js';

export interface SettingRow<T> {
  name: string;
  kind: SettingKind<T>;
  /** Shown where nothing is set; a computed default is described in words. */
  defaultText: string;
  meaning: string;
  /** Which part of botllm reads it. */
  readBy: 'library' | 'cli' | 'engine';
  /** A value that is never printed. */
  secret?: true;
  /**
   * A path in a file means a path from that file's folder: `always`, or only where the text cannot be
   * anything else (a model may be an alias, a hub id or a file).
   */
  path?: 'always' | 'dotted';
  /** It names a program to run: files that come with a project may not set it. */
  program?: true;
}

/**
 * An empty variable says nothing. Nor does what Kubernetes and Docker's links put there for a service that is called
 * like ours: beside a service `redis`, REDIS_PORT is tcp://10.0.0.7:6379.
 */
export function saysNothing(name: string, text: string): boolean {
  return text.trim() === '' || (name.endsWith('_PORT') && text.startsWith('tcp://'));
}

export const row = <T>(r: SettingRow<T>): SettingRow<T> => r;
