import { type OpenJournal, recoverBench, withJournal } from '../bench/lifecycle/journal.js';
import type { ServedFacts } from '../bench/report/schema.js';
import type { BotllmError } from '../errors.js';
import { type EvalPlan, evaluateModel } from '../eval/evaluate.js';
import type { Asked } from '../eval/report.js';
import type { EvalTarget } from '../eval/run.js';
import { makeHome } from '../settings/make-home.js';
import { servedModel } from './bench-served.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';
import { tellAnswers } from './eval-progress.js';
import { type Answers, isElsewhere, runningTarget, toBeStarted, withTarget } from './eval-target.js';
import { journalContext, stopRunning as stopOperators } from './operators-engine.js';
import { asBotllmError } from './output.js';
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
  if (refs.some((ref) => !isElsewhere(ref))) await recoverBench(journalContext(ctx));
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
