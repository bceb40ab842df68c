import { type OpenJournal, recoverBench, withJournal } from '../bench/lifecycle/journal.js';
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
import { journalContext, stopRunning as stopOperators } from './operators-engine.js';
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
 * @param stopRunning `--stop-running`: the operator's engine is stopped while others are served
 * @throws BotllmError where not one of them answered
 */
export async function measureModels(
  ctx: Context,
  refs: readonly string[],
  { plan, stopRunning }: { plan: EvalPlan; stopRunning: boolean },
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
  let at = 0;
  const askEach = async (some: readonly string[], journal?: OpenJournal) => {
    for (const ref of some) {
      if (ctx.signal.aborted) return;
      at += 1;
      ctx.out.note(evalMessages.starting(ref, at, refs.length));
      const how = { journal, concurrency: plan.concurrency };
      try {
        keep(ref, await withTarget(ctx, ref, how, (there, target) => measure(there, target, plan)));
      } catch (thrown) {
        if (ctx.signal.aborted) return;
        const error = asBotllmError(thrown);
        if (refs.length === 1) throw error;
        ctx.out.note(evalMessages.notMeasured(ref));
        fail(ref, error);
      }
    }
  };
  if (!stopRunning) await askEach(refs);
  else {
    const own = await toBeStarted(ctx, refs);
    await askEach(refs.filter((ref) => !own.includes(ref)));
    const left = own.length > 0 ? await withoutRunning(ctx, (journal) => askEach(own, journal)) : null;
    if (left) fail(left.model, left.error);
  }
  const [first] = failed;
  if (first && rows.length === 0) throw first.error;
  return { rows, targets, failed };
}

/** Those that nobody serves yet. */
async function toBeStarted(ctx: Context, refs: readonly string[]): Promise<string[]> {
  const live = await ctx.liveEngine();
  const own: string[] = [];
  for (const ref of refs) {
    const isHere = ELSEWHERE.test(ref) || (live && (await meansServedModel(ref, live.model)));
    if (!isHere) own.push(ref);
  }
  return own;
}

/** @returns why the operator's engine does not run again, which is no reason to lose the answers */
async function withoutRunning(
  ctx: Context,
  work: (journal: OpenJournal) => Promise<void>,
): Promise<Measured['failed'][number] | null> {
  let stopped: string | undefined;
  let isDone = false;
  makeHome(ctx.layout.home);
  try {
    await withJournal(journalContext(ctx), async (journal) => {
      stopped = await stopOperators(ctx, journal);
      await work(journal);
      isDone = true;
    });
    return null;
  } catch (thrown) {
    if (!isDone || stopped === undefined) throw thrown;
    return { model: stopped, error: asBotllmError(thrown) };
  }
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
  { concurrency, journal }: { concurrency: number; journal: OpenJournal | undefined },
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
