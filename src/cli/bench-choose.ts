import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { listModels } from '../models/installed.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { namingSource } from './model-source.js';
import { observe } from './observe.js';
import type { Progress } from './progress.js';
import { servedHere } from './served-here.js';

/** A model that is to be measured: where it is served already, or by an engine of the bench's own. */
export type ChosenModel =
  | { kind: 'served'; name: string | undefined; there: Context }
  | { kind: 'own'; model: EnsuredModel }
  /** In a container, which may fetch it by itself. */
  | { kind: 'contained'; ref: string };

/**
 * The models that `--models` means, the served one first. Those that were named are fetched where they are missing.
 * @param named absent: every downloaded one, or the remote engine's where one was named
 * @param find instead of fetching, for a look beforehand
 * @throws BotllmError what models throw
 */
export async function chooseModels(
  ctx: Context,
  named: readonly string[] | undefined,
  { progress, contained }: { progress: Progress; contained: boolean },
  find: (ref: string) => Promise<EnsuredModel | undefined> = (ref) =>
    namingSource({ ref }, () => ensureModel(ref, modelContext(ctx, progress))),
): Promise<ChosenModel[]> {
  const served = await observe(ctx);
  const isServing = served.state === 'ready';
  const here: ChosenModel = { kind: 'served', name: served.model, there: ctx };
  if (named === undefined && served.engine === 'remote') return [here];
  const names = named ?? (await downloaded(ctx));
  const chosen: ChosenModel[] = [];
  for (const name of new Set(names)) {
    const place = await servedHere(ctx, name);
    if (place?.engine.state === 'ready') {
      chosen.unshift({ kind: 'served', name: place.engine.model, there: place.there });
    } else if (contained) chosen.push({ kind: 'contained', ref: name });
    else {
      const model = await find(name);
      if (model) chosen.push({ kind: 'own', model });
    }
  }
  progress.done();
  // What is served belongs to all of them, wherever its file lies; and when there is nothing, its error says so.
  const missing = named === undefined && !chosen.some(({ kind }) => kind === 'served');
  return missing && (isServing || chosen.length === 0) ? [here, ...chosen] : chosen;
}

async function downloaded({ layout }: Context): Promise<string[]> {
  const listed = await listModels(layout.models);
  // By its alias where it has one: that is its name in the report.
  return listed.flatMap(({ name, path, entry }) => (path === undefined ? [] : [entry ? name : path]));
}
