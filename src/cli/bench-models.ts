import { benchLayout } from '../bench/lifecycle/bench-layout.js';
import { whyNotFitting } from '../bench/lifecycle/fit.js';
import { type JournalContext, type OpenJournal, withJournal } from '../bench/lifecycle/journal.js';
import { withOwnEngine } from '../bench/lifecycle/own-engine.js';
import type { Target } from '../bench/report/schema.js';
import type { UpRequest } from '../engines/started-with.js';
import { liveState } from '../engines/state.js';
import type { EnsuredModel } from '../models/ensure.js';
import { makeHome } from '../settings/make-home.js';
import type { ChosenModel } from './bench-choose.js';
import { lifecycleMessages, PROVEN_BY_A_TOKEN } from './bench-lifecycle-messages.js';
import { bringUp, requestAsItWas } from './bring-up.js';
import type { Context } from './context.js';
import { asBotllmError } from './output.js';
import type { Progress } from './progress.js';

/** What the bench may do to have a model served. */
export interface ModelsWish {
  /** `--stop-running`: the operator's engine may be stopped meanwhile. */
  stopRunning: boolean;
  /** The models were named, so one that cannot be measured is an error and not left out. */
  named: boolean;
  /** How its own engines are started. */
  request: Pick<UpRequest, 'engine' | 'context' | 'slots' | 'gpu'>;
}

/** Which of how many models it is. */
export interface Turn {
  at: number;
  of: number;
}

/** Measures the model that is served there. `there` sees the bench's own engine as this home's. */
export type MeasureOne = (there: Context, turn: Turn) => Promise<Target>;

const START_MS = 15 * 60_000;

/**
 * Measures one model after the other: the served one where it is, each other one on a port of its own, alone. What
 * was running before runs again afterwards. An interruption leaves what was measured.
 * @throws BotllmError `NOT_ENOUGH_MEMORY` with the sum, before anything is measured, for a model that was named
 */
export async function measureModels(
  ctx: Context,
  chosen: readonly ChosenModel[],
  { wish, progress, measure }: { wish: ModelsWish; progress: Progress; measure: MeasureOne },
): Promise<Target[]> {
  const own = chosen.flatMap((one) => (one.kind === 'own' ? [one.model] : []));
  const served = chosen.length > own.length;
  // Nothing of its own, nothing to put right: a served model is measured without a trace.
  if (own.length === 0) return [await measure(ctx, { at: 1, of: 1 })];
  makeHome(ctx.layout.home);
  return withJournal(journalContext(ctx), async (journal) => {
    // The order is the one that disturbs least: what is served is measured before anything is stopped.
    const fits = async () => fitting(ctx, own, wish);
    const early = wish.stopRunning ? own : await fits();
    const of = early.length + (served ? 1 : 0);
    const targets = served ? [await measure(ctx, { at: 1, of })] : [];
    if (wish.stopRunning) await stopRunning(ctx, journal);
    else if (await ctx.liveEngine()) ctx.out.note(lifecycleMessages.runsBeside);
    for (const model of wish.stopRunning ? await fits() : early) {
      if (ctx.signal.aborted) break;
      const turn = { at: targets.length + 1, of };
      const target = await ownTarget(ctx, model, turn, { wish, progress, measure }).catch(
        (error: unknown) => {
          if (ctx.signal.aborted && targets.length > 0) return undefined;
          throw error;
        },
      );
      if (target) targets.push(target);
    }
    return targets;
  });
}

async function ownTarget(
  ctx: Context,
  model: EnsuredModel,
  turn: Turn,
  { wish, progress, measure }: { wish: ModelsWish; progress: Progress; measure: MeasureOne },
): Promise<Target> {
  const { layout, env, settings, version, signal, out } = ctx;
  progress.step(lifecycleMessages.starting(model.name, turn));
  out.event({ type: 'model', model: model.name, ...turn });
  const start = { layout, env, serverBin: settings.llamaServerBin, version, signal, timeoutMs: START_MS };
  const own = benchLayout(layout);
  const there: Context = {
    ...ctx,
    layout: own,
    remoteUrl: async () => undefined,
    liveEngine: () => liveState(own),
  };
  try {
    return await withOwnEngine(
      model,
      wish.request,
      { ...start, onEvent: () => undefined },
      async ({ loadMs }) => ({
        ...(await measure(there, turn)),
        id: model.name,
        started: true,
        cold: { load_ms: Math.round(loadMs) },
        ...(model.sha256 === undefined ? {} : { weights_sha256: model.sha256 }),
        absent: { 'cold.first_ttft_ms': PROVEN_BY_A_TOKEN },
      }),
    );
  } catch (thrown) {
    if (turn.of === 1 || signal.aborted) throw thrown;
    // One that fails does not take the others' figures with it.
    const error = asBotllmError(thrown);
    out.explain(error);
    return failedTarget(model, error.code, error.message);
  }
}

function failedTarget(model: EnsuredModel, code: string, message: string): Target {
  return {
    id: model.name,
    model: model.name,
    engine: 'none',
    base_url: '',
    weights_bytes: model.bytes,
    started: true,
    hw: { device: 'unknown', gpu: [] },
    results: [],
    failed: { code, message },
  };
}

async function fitting(
  ctx: Context,
  models: readonly EnsuredModel[],
  wish: ModelsWish,
): Promise<EnsuredModel[]> {
  const { context, slots } = wish.request;
  const looked = await Promise.all(
    models.map(async (model) => ({ model, why: await whyNotFitting(model, { context, slots }) })),
  );
  for (const { why } of looked) {
    if (why && wish.named) throw why;
    if (why) ctx.out.note(lifecycleMessages.leftOut(why.message, why.detail ?? ''));
  }
  return looked.filter(({ why }) => why === undefined).map(({ model }) => model);
}

async function stopRunning(ctx: Context, journal: OpenJournal): Promise<void> {
  const running = await ctx.liveEngine();
  if (!running) return;
  ctx.out.note(lifecycleMessages.stopping(running.model.name));
  await journal.stopRunning(running);
}

/** How the bench puts things right. */
export function journalContext(ctx: Context): JournalContext {
  return {
    layout: ctx.layout,
    bringBack: async (engine) => {
      ctx.out.note(lifecycleMessages.bringingBack(engine.model.name));
      // Ctrl-C ended the bench; what it took away comes back all the same.
      await bringUp({ ...ctx, signal: AbortSignal.timeout(START_MS) }, requestAsItWas(engine));
    },
    onRecovered: ({ stoppedOwn }) => ctx.out.note(lifecycleMessages.recovered(stoppedOwn)),
  };
}
