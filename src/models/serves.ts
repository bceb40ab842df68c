import path from 'node:path';
import type { Catalogue } from './catalogue.js';
import { listModels } from './installed.js';
import { meansFile, resolveHere } from './resolve-here.js';

/** The model of a running engine. */
export interface ServedModel {
  name: string;
  /** Absolute. */
  path: string;
}

/**
 * Whether a reference means the model that an engine already serves; asks no network. A repository without a
 * quantisation means whichever of its files is served.
 * @throws BotllmError `UNKNOWN_MODEL`
 */
export async function meansServedModel(
  ref: string,
  served: ServedModel,
  { cwd, catalogue }: { cwd?: string; catalogue?: Catalogue } = {},
): Promise<boolean> {
  const modelsDir = path.dirname(served.path);
  const wanted = await resolveHere(ref, { modelsDir, cwd, catalogue });
  if (wanted.kind === 'catalogue') return wanted.entry.alias === served.name;
  if (wanted.kind === 'file') return path.resolve(wanted.path) === path.resolve(served.path);
  const listed = await listModels(modelsDir, catalogue);
  return listed.some((model) => model.path === served.path && meansFile(wanted, model));
}
