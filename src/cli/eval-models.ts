import { recoverBench, withJournal } from '../bench/lifecycle/journal.js';
import type { ServedFacts } from '../bench/report/schema.js';
import { BotllmError } from '../errors.js';
import { type EvalPlan, evaluateModel } from '../eval/evaluate.js';
import type { Asked } from '../eval/report.js';
import type { EvalTarget } from '../eval/run.js';
import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { meansServedModel } from '../models/serves.js';
import { makeHome } from '../settings/make-home.js';
import { servedModel } from './bench-served.js';
import { modelContext } from './bring-up.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';
import { tellAnswers } from './eval-progress.js';
import { messages } from './messages.js';
import { namingSource } from './model-source.js';
import { observe } from './observe.js';
import { journalContext } from './operators-engine.js';
import { asBotllmError } from './output.js';
import { serveMeanwhile } from './own-engine.js';
import { servedFacts, weightFacts } from './served-facts.js';

export interface Measured {
  rows: Asked[];
  /** What served each of them, as far as it says. */
  targets: ServedFacts[];
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
  const targets: ServedFacts[] = [];
  const failed: Measured['failed'] = [];
  const keep = (model: string, { asked, served }: Answers) => {
    rows.push(...asked);
    if (served) targets.push(served);
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
    return { rows, targets, failed };
  }
  // What a measurement that was killed had taken away is put back before anybody looks at what runs.
  if (refs.some((ref) => !ELSEWHERE.test(ref))) await recoverBench(journalContext(ctx));
  for (const [at, ref] of refs.entries()) {
    if (ctx.signal.aborted) break;
    ctx.out.note(evalMessages.starting(ref, at + 1, refs.length));
    try {
      keep(ref, await withTarget(ctx, ref, plan, (there, target) => measure(there, target, plan)));
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
  return { rows, targets, failed };
}

/** What one model answered, and what served it. */
interface Answers {
  asked: Asked[];
  served: ServedFacts | undefined;
}

/** `there` sees the target as its engine. */
async function measure(there: Context, target: EvalTarget, plan: EvalPlan): Promise<Answers> {
  const progress = there.out.progress();
  try {
    // Asked first: an engine that dies half way says no more of itself.
    const served = await servedThere(there);
    const asked = await evaluateModel(target, plan, {
      signal: there.signal,
      onAnswer: tellAnswers(progress),
    });
    const [row] = asked;
    return { asked, served: row && served && { ...served, id: row.model } };
  } finally {
    progress.done();
  }
}

/** Nothing where it does not say: no reason to ask it nothing else. */
async function servedThere(there: Context): Promise<ServedFacts | undefined> {
  try {
    const here = await servedModel(there);
    return servedFacts(here, await weightFacts(there, here.served.root));
  } catch {
    return undefined;
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
  work: (there: Context, target: EvalTarget) => Promise<Answers>,
): Promise<Answers> {
  const [, name, url] = ELSEWHERE.exec(ref) ?? [];
  if (name !== undefined && url !== undefined) {
    const there = { ...ctx, remoteUrl: async () => url };
    return work(there, { id: name, baseUrl: url, model: name, apiKey: ctx.settings.apiKey });
  }
  const live = await ctx.liveEngine();
  if (live && (await meansServedModel(ref, live.model))) {
    const there = { ...ctx, remoteUrl: async () => undefined };
    return work(there, { id: live.model.name, baseUrl: live.endpoint, model: live.model.name });
  }
  makeHome(ctx.layout.home);
  const model = await ensured(ctx, ref);
  let answered: Answers | undefined;
  try {
    return await withJournal(journalContext(ctx), () =>
      serveMeanwhile(ctx, model, { slots: concurrency }, async (there, { state }) => {
        const { asked, served } = await work(there, {
          ...{ id: model.name, baseUrl: state.endpoint, model: state.model.name },
        });
        answered = { asked, served: served && started(served, model) };
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
