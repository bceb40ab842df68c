import { fitBeside, residentOf } from '../engines/beside/fit.js';
import { type BesideEngine, startBeside, takeOver } from '../engines/beside/process.js';
import { requireNoOther } from '../engines/beside/record.js';
import { probeGpu } from '../engines/compose/gpu.js';
import { shapeOf } from '../engines/memory-estimate.js';
import { probeEngine } from '../engines/probe.js';
import type { UpRequest } from '../engines/started-with.js';
import type { EngineState } from '../engines/state.js';
import { GRACE_MS, stopEngine } from '../engines/stop.js';
import { rememberWeights } from '../engines/weights.js';
import { isBotllmError } from '../errors.js';
import { type EnsuredModel, ensureModel } from '../models/ensure.js';
import { bringUp, forgetAnswers, modelContext, withEngineNews } from './bring-up.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { exchange, failed, type SwitchWay, switched } from './exchange.js';
import { asBotllmError, type Outcome } from './output.js';
import { sayFit } from './say-fit.js';

/**
 * Another model in place of an engine that is a process of this home. Its weights are there before anything is
 * stopped, and where there is room for both, it has made a token, too.
 */
export async function switchProcess(ctx: Context, state: EngineState, ref: string): Promise<Outcome> {
  await requireNoOther(ctx.layout);
  const model = await fetched(ctx, ref);
  const { model: _, ...rest } = state.startedWith;
  const request = { ...rest, port: state.port, model: ref };
  const before = state.model.name;
  let how: SwitchWay = 'stopped-first';
  const why = await whyNotBeside(ctx, state, request, model);
  if (why !== null) ctx.out.note(containerMessages.stoppingFirst(before, why));
  else {
    ctx.out.note(containerMessages.trying(model.name, before));
    const beside = await tryBeside(ctx, state, request, model);
    if (beside?.moves) return move(ctx, state, beside);
    await beside?.end();
    if (beside) how = 'tried-beside';
    if (beside) ctx.out.note(containerMessages.tried(model.name, before));
  }
  const start = async (asked: UpRequest, by: Context, weights?: EnsuredModel) => {
    const { state: now } = await bringUp(by, asked, weights);
    return { model: now.model.name, readyAt: performance.now() };
  };
  const way = {
    before,
    stop: () => stopEngine(ctx.layout, state, GRACE_MS),
    start: (which: 'new' | 'old', by: Context) =>
      which === 'new' ? start(request, by, model) : start({ ...request, model: state.model.path }, by),
  };
  return exchange(ctx, way, ref, how);
}

/** The weights, while the engine that serves goes on answering. */
export async function fetched(ctx: Context, ref: string): Promise<EnsuredModel> {
  const progress = ctx.out.progress();
  try {
    return await ensureModel(ref, modelContext(ctx, progress));
  } finally {
    progress.done();
  }
}

/** Null: there is room for both. */
async function whyNotBeside(
  ctx: Context,
  state: EngineState,
  wish: UpRequest,
  model: EnsuredModel,
): Promise<string | null> {
  const health = await probeEngine(state, ctx.signal);
  if (health.state !== 'ready') return containerMessages.notReadyBefore(state.model.name);
  const device = health.reply.device ?? state.device ?? 'cpu';
  const usesGpu = wish.gpu !== 'none' && !/^cpu$/i.test(device);
  const fit = await fitBeside({
    ...{ shape: shapeOf(model), wish, usesGpu },
    serving: await residentOf(state.pid),
    cards: usesGpu ? (await probeGpu(toolsOf(ctx))).cards : [],
    available: process.availableMemory(),
  });
  return fit.fits ? null : sayFit(fit);
}

/** Null: there was no room after all, which says nothing of the model alone. */
async function tryBeside(
  ctx: Context,
  state: EngineState,
  request: UpRequest,
  model: EnsuredModel,
): Promise<BesideEngine | null> {
  try {
    return await withEngineNews(ctx, { ref: request.model }, model, (engines) =>
      startBeside(request, state, engines),
    );
  } catch (thrown) {
    const error = asBotllmError(thrown);
    if (!ctx.signal.aborted && isBotllmError(error, 'NOT_ENOUGH_MEMORY')) {
      ctx.out.note(containerMessages.stoppingFirst(state.model.name, error.message));
      return null;
    }
    throw failed(error, containerMessages.switchStays(model.name, state.model.name));
  }
}

async function move(ctx: Context, state: EngineState, beside: BesideEngine): Promise<Outcome> {
  const { layout, signal, timeoutMs = GRACE_MS } = ctx;
  const { model } = beside;
  const [before, lock] = [state.model.name, { layout, signal, timeoutMs }];
  const { downtimeMs, left } = await takeOver(beside, state, lock).catch(async (thrown) => {
    await beside.end();
    throw failed(asBotllmError(thrown), containerMessages.switchStays(model.name, before));
  });
  if (left !== undefined) ctx.out.note(containerMessages.oldOneLeft(left));
  if (await rememberWeights(layout, model)) await forgetAnswers(ctx, model.name);
  return switched(before, model.name, Number((downtimeMs / 1000).toFixed(3)), 'moved');
}
