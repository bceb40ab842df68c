import { recoverBench, withJournal } from '../bench/lifecycle/journal.js';
import { BotllmError } from '../errors.js';
import { type EvalPlan, evaluateModel } from '../eval/evaluate.js';
import type { Asked } from '../eval/report.js';
import type { EvalTarget } from '../eval/run.js';
import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { meansServedModel } from '../models/serves.js';
import { makeHome } from '../settings/make-home.js';
import { journalContext } from './bench-models.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';
import { messages } from './messages.js';
import { namingSource } from './model-source.js';
import { observe } from './observe.js';
import { asBotllmError } from './output.js';
import { serveMeanwhile } from './own-engine.js';

export interface Measured {
  rows: Asked[];
  /**
   * Models that could not be brought up, did not answer, or did not answer to the end; the others were measured all
   * the same, and what such a one answered is among the rows.
   */
  failed: { model: string; error: BotllmError }[];
}

/** `name@http://…`: it runs somewhere. */
const ELSEWHERE = /^(.+?)@(https?:\/\/.+)$/;

/**
 * Asks each model in turn; none named: the one that runs.
 * @throws BotllmError where not one of them answered
 */
export async function measureModels(
  ctx: Context,
  refs: readonly string[],
  plan: EvalPlan,
): Promise<Measured> {
  const rows: Asked[] = [];
  const failed: Measured['failed'] = [];
  const keep = (model: string, asked: readonly Asked[]) => {
    rows.push(...asked);
    const error = asked.find((row) => row.failed)?.failed;
    if (error) fail(model, error);
  };
  const fail = (model: string, error: BotllmError) => {
    ctx.out.explain(error);
    failed.push({ model, error });
  };
  if (refs.length === 0) {
    const target = await runningTarget(ctx);
    keep(target.id ?? target.baseUrl, await measure(ctx, target, plan));
    return { rows, failed };
  }
  // What a measurement that was killed had taken away is put back before anybody looks at what runs.
  if (refs.some((ref) => !ELSEWHERE.test(ref))) await recoverBench(journalContext(ctx));
  for (const [at, ref] of refs.entries()) {
    if (ctx.signal.aborted) break;
    ctx.out.note(evalMessages.starting(ref, at + 1, refs.length));
    try {
      keep(ref, await withTarget(ctx, ref, plan, (target) => measure(ctx, target, plan)));
    } catch (thrown) {
      if (ctx.signal.aborted) break;
      const error = asBotllmError(thrown);
      if (refs.length === 1) throw error;
      ctx.out.note(evalMessages.notMeasured(ref));
      fail(ref, error);
    }
  }
  const [first] = failed;
  if (first && rows.length === 0) throw first.error;
  return { rows, failed };
}

async function measure(ctx: Context, target: EvalTarget, plan: EvalPlan): Promise<Asked[]> {
  const progress = ctx.out.progress();
  try {
    return await evaluateModel(target, plan, {
      signal: ctx.signal,
      onAnswer: ({ model, way, done, planned }) =>
        progress.step(evalMessages.progress(model, way, done, planned), done / planned),
    });
  } finally {
    progress.done();
  }
}

/** The engine that runs, or the one that `--base-url` names. */
async function runningTarget(ctx: Context): Promise<EvalTarget> {
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
async function withTarget(
  ctx: Context,
  ref: string,
  { concurrency }: EvalPlan,
  work: (target: EvalTarget) => Promise<Asked[]>,
): Promise<Asked[]> {
  const [, name, url] = ELSEWHERE.exec(ref) ?? [];
  if (name !== undefined && url !== undefined) {
    return work({ id: name, baseUrl: url, model: name, apiKey: ctx.settings.apiKey });
  }
  const live = await ctx.liveEngine();
  if (live && (await meansServedModel(ref, live.model))) {
    return work({ id: live.model.name, baseUrl: live.endpoint, model: live.model.name });
  }
  makeHome(ctx.layout.home);
  const model = await ensured(ctx, ref);
  let answered: Asked[] | undefined;
  try {
    return await withJournal(journalContext(ctx), () =>
      serveMeanwhile(ctx, model, { slots: concurrency }, async (_there, { state }) => {
        answered = await work({ id: model.name, baseUrl: state.endpoint, model: state.model.name });
        return answered;
      }),
    );
  } catch (thrown) {
    // What was answered outlives an engine that does not stop.
    if (answered === undefined) throw thrown;
    ctx.out.explain(asBotllmError(thrown));
    return answered;
  }
}

async function ensured(ctx: Context, ref: string): Promise<EnsuredModel> {
  const progress = ctx.out.progress();
  try {
    return await namingSource({ ref }, () => ensureModel(ref, modelContext(ctx, progress)));
  } finally {
    progress.done();
  }
}
