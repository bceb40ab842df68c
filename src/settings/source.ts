import type { SettingKey } from './table.js';

/** From the strongest to the weakest. `--config FILE` takes the project file's place. */
export type LayerName = 'flag' | 'shell' | '.env' | 'project' | 'user' | 'default';

/** Where a value was given. */
export interface Source {
  layer: LayerName;
  /** As it was spelled there: `--base-url`, `LLM_TIMEOUT`, `timeout`. */
  name: string;
  file?: string;
  /** Counted from 1. */
  line?: number;
}

/** A setting as somebody wrote it. */
export interface Given {
  text: string;
  source: Source;
}

export type GivenValues = ReadonlyMap<SettingKey, Given>;

/** The names that a mistyped one may have meant, the likeliest first. */
export type Suggest = (typed: string, names: readonly string[]) => readonly string[];
