import { type OpenJournal, withJournal } from '../bench/lifecycle/journal.js';
import type { ServedFacts } from '../bench/report/schema.js';
import type { EngineState } from '../engines/state.js';
import { BotllmError } from '../errors.js';
import type { Asked } from '../eval/report.js';
import type { EvalTarget } from '../eval/run.js';
import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { meansServedModel } from '../models/serves.js';
import { makeHome } from '../settings/make-home.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { namingSource } from './model-source.js';
import { observe } from './observe.js';
import { journalContext } from './operators-engine.js';
import { asBotllmError } from './output.js';
import { serveMeanwhile } from './own-engine.js';

/** `name@http://…`: it runs somewhere. */
const ELSEWHERE = /^(.+?)@(https?:\/\/.+)$/;

export const isElsewhere = (ref: string): boolean => ELSEWHERE.test(ref);

/** What one model answered, and what served it. */
export interface Answers {
  asked: Asked[];
  served: ServedFacts | undefined;
}

/** Those that nobody serves yet. */
export async function toBeStarted(ctx: Context, refs: readonly string[]): Promise<string[]> {
  const own: string[] = [];
  for (const ref of refs) {
    if (!isElsewhere(ref) && !(await servingHere(ctx, ref))) own.push(ref);
  }
  return own;
}

/** This home's engine, where it serves that model already. */
async function servingHere(ctx: Context, ref: string): Promise<EngineState | undefined> {
  const live = await ctx.liveEngine();
  return live && (await meansServedModel(ref, live.model)) ? live : undefined;
}

/** The engine that runs, or the one that `--base-url` names. */
export async function runningTarget(ctx: Context): Promise<EvalTarget> {
  const engine = await observe(ctx);
  const { model = engine.model, apiKey } = ctx.settings;
  if (engine.endpoint === undefined || (engine.state === 'stopped' && engine.engine !== 'remote')) {
    throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: messages.noEngineHint });
  }
  const { apiKey: withheld } = ctx.configuration.withheld;
  if (withheld !== undefined) ctx.out.note(withheld);
  return { id: model, baseUrl: engine.endpoint, model, apiKey };
}

/** `name@http://…` is where it says; what this home serves already is asked where it is; any other is started. */
export async function withTarget(
  ctx: Context,
  ref: string,
  { concurrency, journal }: { concurrency: number; journal: OpenJournal | undefined },
  work: (there: Context, target: EvalTarget) => Promise<Answers>,
): Promise<Answers> {
  const [, name, url] = ELSEWHERE.exec(ref) ?? [];
  if (name !== undefined && url !== undefined) {
    const there = { ...ctx, remoteUrl: async () => url };
    return work(there, { id: name, baseUrl: url, model: name, apiKey: ctx.settings.apiKey });
  }
  const live = await servingHere(ctx, ref);
  if (live) {
    const there = { ...ctx, remoteUrl: async () => undefined };
    return work(there, { id: live.model.name, baseUrl: live.endpoint, model: live.model.name });
  }
  makeHome(ctx.layout.home);
  const model = await ensured(ctx, ref);
  let answered: Answers | undefined;
  const serve = () =>
    serveMeanwhile(ctx, model, { slots: concurrency }, async (there, { state }) => {
      const { asked, served } = await work(there, {
        ...{ id: model.name, baseUrl: state.endpoint, model: state.model.name },
      });
      answered = { asked, served: served && started(served, model) };
      return answered;
    });
  try {
    return await (journal ? serve() : withJournal(journalContext(ctx), serve));
  } catch (thrown) {
    // What was answered outlives an engine that does not stop.
    if (answered === undefined) throw thrown;
    ctx.out.explain(asBotllmError(thrown));
    return answered;
  }
}

function started(served: ServedFacts, { sha256 }: EnsuredModel): ServedFacts {
  return { ...served, started: true, ...(sha256 !== undefined && { weights_sha256: sha256 }) };
}

async function ensured(ctx: Context, ref: string): Promise<EnsuredModel> {
  const progress = ctx.out.progress();
  try {
    return await namingSource({ ref }, () => ensureModel(ref, modelContext(ctx, progress)));
  } finally {
    progress.done();
  }
}
