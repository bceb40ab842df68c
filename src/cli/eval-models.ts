import { recoverBench } from '../bench/lifecycle/journal.js';
import type { ServedFacts } from '../bench/report/schema.js';
import type { BotllmError } from '../errors.js';
import { type EvalPlan, evaluateModel } from '../eval/evaluate.js';
import type { Asked } from '../eval/report.js';
import type { EarlierReport } from '../eval/resume.js';
import type { EvalTarget } from '../eval/run.js';
import { servedModel } from './bench-served.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';
import { tellAnswers } from './eval-progress.js';
import { planFor } from './eval-resume.js';
import { isElsewhere, runningTarget, type ServedTarget, servedTarget, withOwnTarget } from './eval-target.js';
import { journalContext, stopRunning as stopOperators } from './operators-engine.js';
import { asBotllmError } from './output.js';
import { servedFacts, weightFacts } from './served-facts.js';
import { withinJournal } from './within-journal.js';

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

export interface EvalWish {
  plan: EvalPlan;
  /** `--stop-running`: the operator's engine is stopped while others are served. */
  stopRunning: boolean;
  /** What is gone on with. */
  earlier: EarlierReport | undefined;
}

/**
 * Asks each model in turn; none named: the one that runs.
 * @throws BotllmError where not one of them answered
 */
export async function measureModels(
  ctx: Context,
  refs: readonly string[],
  { plan, stopRunning, earlier }: EvalWish,
): Promise<Measured> {
  const rows: Asked[] = [];
  const targets: ServedFacts[] = [];
  const failed: Measured['failed'] = [];
  const fail = (model: string, error: BotllmError) => {
    ctx.out.explain(error);
    failed.push({ model, error });
  };
  const ask = async (ref: string, there: Context, target: EvalTarget, facts?: Partial<ServedFacts>) => {
    // Asked first: an engine that dies half way says no more of itself.
    const said = await servedThere(there);
    const served = said && { ...said, ...facts, id: target.id ?? said.id };
    const asked = await measure(there, target, planFor(plan, earlier, served?.id ?? target.id, served));
    rows.push(...asked);
    if (served) targets.push({ ...served, id: asked[0]?.model ?? served.id });
    const error = asked.find((row) => row.failed)?.failed;
    if (error) fail(ref, error);
  };
  if (refs.length === 0) {
    const target = await runningTarget(ctx);
    await ask(target.id ?? target.baseUrl, ctx, target);
    return { rows, targets, failed };
  }
  // What a measurement that was killed had taken away is put back before anybody looks at what runs.
  if (refs.some((ref) => !isElsewhere(ref))) await recoverBench(journalContext(ctx));
  const models: { ref: string; place: ServedTarget | undefined }[] = [];
  for (const ref of refs) models.push({ ref, place: await servedTarget(ctx, ref) });
  const own = models.filter(({ place }) => place === undefined);
  let at = 0;
  const askEach = async (some: typeof models) => {
    for (const { ref, place } of some) {
      if (ctx.signal.aborted) return;
      at += 1;
      ctx.out.note(evalMessages.starting(ref, at, refs.length));
      const before = rows.length;
      try {
        if (place) await ask(ref, place.there, place.target);
        else await withOwnTarget(ctx, ref, plan, (...asking) => ask(ref, ...asking));
      } catch (thrown) {
        if (ctx.signal.aborted) return;
        const error = asBotllmError(thrown);
        // Of an engine that does not stop there are answers all the same.
        const isMeasured = rows.length > before;
        if (refs.length === 1 && !isMeasured) throw error;
        if (!isMeasured) ctx.out.note(evalMessages.notMeasured(ref));
        fail(ref, error);
      }
    }
  };
  if (own.length === 0) await askEach(models);
  else {
    let stopped: string | undefined;
    // The order is the one that disturbs least: what is served is asked before it is stopped.
    const served = stopRunning ? models.filter((one) => !own.includes(one)) : [];
    const { left } = await withinJournal(ctx, async (journal) => {
      await askEach(served);
      if (stopRunning) stopped = await stopOperators(ctx, journal);
      await askEach(models.filter((one) => !served.includes(one)));
    });
    if (left) failed.push({ model: stopped ?? own.map(({ ref }) => ref).join(), error: left });
  }
  const [first] = failed;
  if (first && rows.length === 0) throw first.error;
  return { rows, targets, failed };
}

/** `there` sees the target as its engine. */
async function measure(there: Context, target: EvalTarget, plan: EvalPlan): Promise<Asked[]> {
  const progress = there.out.progress();
  try {
    return await evaluateModel(target, plan, { signal: there.signal, onAnswer: tellAnswers(progress) });
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
