import path from 'node:path';
import { whyNotFitting } from '../bench/lifecycle/fit.js';
import type { OpenJournal } from '../bench/lifecycle/journal.js';
import { operatorsEngine } from '../bench/lifecycle/operators-engine.js';
import type { Target } from '../bench/report/schema.js';
import type { UpRequest } from '../engines/started-with.js';
import type { BotllmError } from '../errors.js';
import type { ChosenModel } from './bench-choose.js';
import { FETCHED_BEFORE_LOAD, lifecycleMessages, PROVEN_BY_A_TOKEN } from './bench-lifecycle-messages.js';
import { type ContainerWish, containMeanwhile, whyNotContained } from './contained-model.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { stopRunning } from './operators-engine.js';
import { asBotllmError } from './output.js';
import { serveMeanwhile } from './own-engine.js';
import type { Progress } from './progress.js';
import { withinJournal } from './within-journal.js';

/** What the bench may do to have a model served. */
export interface ModelsWish {
  /** `--stop-running`: the operator's engine may be stopped meanwhile. */
  stopRunning: boolean;
  /** The models were named, so one that cannot be measured is an error and not left out. */
  named: boolean;
  /** How its own engines are started. */
  request: Pick<UpRequest, 'engine' | 'context' | 'slots' | 'gpu'>;
  /** They are containers. */
  contained: ContainerWish | undefined;
}

/** Which of how many models it is. */
export interface Turn {
  at: number;
  of: number;
}

/** Measures the model that is served there. `there` sees the bench's own engine as this home's. */
export type MeasureOne = (there: Context, turn: Turn) => Promise<Target>;

type OwnModel = Exclude<ChosenModel, { kind: 'served' }>;

export interface MeasuredModels {
  targets: Target[];
  /** Why what was running before does not run again; the next bench tries once more. */
  left?: BotllmError;
}

/**
 * Measures one model after the other: the served one where it is, each other one on a port of its own, alone. What
 * was running before runs again afterwards. An interruption leaves what was measured.
 * @throws BotllmError `NOT_ENOUGH_MEMORY` with the sum, before anything is measured, for a model that was named
 */
export async function measureModels(
  ctx: Context,
  chosen: readonly ChosenModel[],
  { wish, progress, measure }: { wish: ModelsWish; progress: Progress; measure: MeasureOne },
): Promise<MeasuredModels> {
  const own = chosen.filter((one) => one.kind !== 'served');
  const served = chosen.find((one) => one.kind === 'served');
  const measureServed = async (of: number) => (served ? [await measure(served.there, { at: 1, of })] : []);
  // Nothing of its own, nothing to put right: a served model is measured without a trace.
  if (own.length === 0) return { targets: await measureServed(1) };
  const { result, left } = await withinJournal(ctx, async (journal) => {
    // The order is the one that disturbs least: what is served is measured before anything is stopped.
    const fits = async () => fitting(ctx, own, wish);
    const early = wish.stopRunning ? own : await fits();
    const of = early.length + (served ? 1 : 0);
    const targets = await measureServed(of);
    if (wish.stopRunning) await stopRunning(ctx, journal);
    else if (await operatorsEngine(ctx.layout, toolsOf(ctx))) ctx.out.note(lifecycleMessages.runsBeside);
    for (const one of wish.stopRunning ? await fits() : early) {
      if (ctx.signal.aborted) break;
      const turn = { at: targets.length + 1, of };
      const target = await ownTarget(ctx, one, turn, { wish, progress, measure, journal }).catch(
        (error: unknown) => {
          if (ctx.signal.aborted && targets.length > 0) return undefined;
          throw error;
        },
      );
      if (target) targets.push(target);
    }
    return targets;
  });
  return { targets: result, ...(left && { left }) };
}

interface Measuring {
  wish: ModelsWish;
  progress: Progress;
  measure: MeasureOne;
  journal: OpenJournal;
}

async function ownTarget(
  ctx: Context,
  one: OwnModel,
  turn: Turn,
  { wish, progress, measure, journal }: Measuring,
): Promise<Target> {
  const { signal, out } = ctx;
  const name = nameOf(one);
  progress.step(lifecycleMessages.starting(name, turn));
  out.event({ type: 'model', model: name, ...turn });
  const facts = async (there: Context, loadMs: number | undefined) => {
    const measured = await measure(there, turn);
    return {
      ...measured,
      id: name,
      started: true,
      ...(loadMs === undefined ? {} : { cold: { load_ms: Math.round(loadMs) } }),
      absent: {
        ...measured.absent,
        'cold.first_ttft_ms': PROVEN_BY_A_TOKEN,
        ...(loadMs === undefined && { 'cold.load_ms': FETCHED_BEFORE_LOAD }),
      },
    };
  };
  try {
    if (one.kind === 'contained') {
      return await containMeanwhile(
        ctx,
        one.ref,
        { wish: wish.contained ?? {}, journal },
        (there, { loadMs }) => facts(there, loadMs),
      );
    }
    const { sha256 } = one.model;
    return await serveMeanwhile(ctx, one.model, wish.request, async (there, { loadMs }) => ({
      ...(await facts(there, loadMs)),
      ...(sha256 === undefined ? {} : { weights_sha256: sha256 }),
    }));
  } catch (thrown) {
    if (turn.of === 1 || signal.aborted) throw thrown;
    // One that fails does not take the others' figures with it.
    const error = asBotllmError(thrown);
    out.explain(error);
    return failedTarget(one, error.code, error.message);
  }
}

const nameOf = (one: OwnModel): string => (one.kind === 'own' ? one.model.name : modelName(one.ref));

/** A file is called by its name, as an engine calls it. */
function modelName(ref: string): string {
  return ref.endsWith('.gguf') ? path.basename(ref, '.gguf') : ref;
}

function failedTarget(one: OwnModel, code: string, message: string): Target {
  return {
    id: nameOf(one),
    model: nameOf(one),
    engine: 'none',
    base_url: '',
    ...(one.kind === 'own' && { weights_bytes: one.model.bytes }),
    started: true,
    hw: { device: 'unknown', gpu: [] },
    results: [],
    failed: { code, message },
  };
}

async function fitting(ctx: Context, models: readonly OwnModel[], wish: ModelsWish): Promise<OwnModel[]> {
  const { context, slots } = wish.request;
  const why = (one: OwnModel) =>
    one.kind === 'own'
      ? whyNotFitting(one.model, { context, slots })
      : whyNotContained(ctx, one.ref, wish.contained ?? {});
  const looked: { one: OwnModel; why: BotllmError | undefined }[] = [];
  // One after the other: a container's may have to be fetched.
  for (const one of models) looked.push({ one, why: await why(one) });
  for (const { why } of looked) {
    if (why && wish.named) throw why;
    if (why) ctx.out.note(lifecycleMessages.leftOut(why.message, why.detail ?? ''));
  }
  return looked.filter(({ why }) => why === undefined).map(({ one }) => one);
}
