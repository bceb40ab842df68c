import type { ServedFacts } from '../bench/report/schema.js';
import { BotllmError } from '../errors.js';
import type { EvalTarget } from '../eval/run.js';
import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { namingSource } from './model-source.js';
import { observe } from './observe.js';
import { serveMeanwhile } from './own-engine.js';
import { servedHere } from './served-here.js';

/** `name@http://…`: it runs somewhere. */
const ELSEWHERE = /^(.+?)@(https?:\/\/.+)$/;

export const isElsewhere = (ref: string): boolean => ELSEWHERE.test(ref);

/** The engine that runs, or the one that `--base-url` names. */
export async function runningTarget(ctx: Context): Promise<EvalTarget> {
  const engine = await observe(ctx);
  if (engine.endpoint === undefined || (engine.state === 'stopped' && engine.engine !== 'remote')) {
    throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: messages.noEngineHint });
  }
  return targetOf(ctx, engine.endpoint, ctx.settings.model ?? engine.model);
}

function targetOf(ctx: Context, baseUrl: string, model: string | undefined): EvalTarget {
  const { apiKey: withheld } = ctx.configuration.withheld;
  if (withheld !== undefined) ctx.out.note(withheld);
  return { id: model, baseUrl, model, apiKey: ctx.settings.apiKey };
}

/** A model that somebody serves. `there` sees what serves it as its engine. */
export interface ServedTarget {
  there: Context;
  target: EvalTarget;
}

/**
 * `name@http://…` is where it says; what is served here already is asked where it is.
 * @returns undefined for one that has to be started
 */
export async function servedTarget(ctx: Context, ref: string): Promise<ServedTarget | undefined> {
  const [, name, url] = ELSEWHERE.exec(ref) ?? [];
  if (name !== undefined && url !== undefined) {
    const there = { ...ctx, remoteUrl: async () => url };
    return { there, target: { id: name, baseUrl: url, model: name, apiKey: ctx.settings.apiKey } };
  }
  const served = await servedHere(ctx, ref);
  const { endpoint, model } = served?.engine ?? {};
  if (!served || endpoint === undefined) return undefined;
  return { there: served.there, target: targetOf(served.there, endpoint, model) };
}

/** Starts a model, and stops it when it was asked; a journal has to be open. */
export async function withOwnTarget(
  ctx: Context,
  ref: string,
  { concurrency }: { concurrency: number },
  work: (there: Context, target: EvalTarget, facts: Partial<ServedFacts>) => Promise<void>,
): Promise<void> {
  const model = await ensured(ctx, ref);
  await serveMeanwhile(ctx, model, { slots: concurrency }, (there, { state }) => {
    const { sha256 } = model;
    const facts = { started: true, ...(sha256 !== undefined && { weights_sha256: sha256 }) };
    return work(there, { id: model.name, baseUrl: state.endpoint, model: state.model.name }, facts);
  });
}

async function ensured(ctx: Context, ref: string): Promise<EnsuredModel> {
  const progress = ctx.out.progress();
  try {
    return await namingSource({ ref }, () => ensureModel(ref, modelContext(ctx, progress)));
  } finally {
    progress.done();
  }
}
