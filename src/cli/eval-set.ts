import path from 'node:path';
import { importSet } from '../eval/importers/import-set.js';
import type { QualitySet } from '../eval/set/cases.js';
import { ownSet } from '../eval/set/own-set.js';
import type { Context } from './context.js';
import type { DataSource } from './eval-options.js';

/** Our own set, or the one that was named. */
export async function setFor(
  { folders }: Context,
  data: DataSource | undefined,
  options: { labels: number | undefined; seed: number },
): Promise<QualitySet> {
  if (!data) return ownSet();
  return importSet(data.importer, path.resolve(folders.cwd, data.place), options);
}
