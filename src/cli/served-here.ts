import { mountedFile, readChoice } from '../engines/compose/choice.js';
import type { EngineStatus } from '../engines/status.js';
import { meansServedModel, type ServedModel } from '../models/serves.js';
import type { Context } from './context.js';
import { namesOfModel } from './model-names.js';
import { observe } from './observe.js';

/** Where a model is served already. */
export interface ServedHere {
  /** Sees what serves it as its engine. */
  there: Context;
  engine: EngineStatus;
}

/**
 * This home's engine, a process or a container, or the one that the settings name, where it serves that model: it is
 * measured where it is.
 */
export async function servedHere(ctx: Context, ref: string): Promise<ServedHere | undefined> {
  const live = await ctx.liveEngine();
  if (live && (await means(ref, live.model))) {
    const there: Context = { ...ctx, remoteUrl: async () => undefined };
    return { there, engine: await observe(there) };
  }
  const engine = await observe(ctx);
  const { endpoint, model } = engine;
  if (engine.state !== 'ready' || model === undefined || endpoint === live?.endpoint) return undefined;
  const choice = await readChoice(ctx.layout);
  const path = choice && choice.endpoint === endpoint ? mountedFile(choice) : undefined;
  const isServed =
    isSameName(ref, model) || (path !== undefined && (await means(ref, { name: model, path })));
  return isServed ? { there: ctx, engine } : undefined;
}

/** Whoever looks for a model that nobody knows says so himself. */
const means = (ref: string, served: ServedModel): Promise<boolean> =>
  meansServedModel(ref, served).catch(() => false);

/** Of an engine that is no process of this home nothing is known but the name that it gives. */
function isSameName(ref: string, served: string): boolean {
  const known = namesOfModel(served).map((one) => one.toLowerCase());
  return namesOfModel(ref).some((one) => known.includes(one.toLowerCase()));
}
