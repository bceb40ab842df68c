import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../engines/beside/free-port.js';
import { DEFAULT_HOST } from '../engines/started-with.js';
import { GRACE_MS, stopEngine } from '../engines/stop.js';
import { BotllmError } from '../errors.js';
import { type EvalPlan, evaluateModel } from '../eval/evaluate.js';
import type { Asked } from '../eval/report.js';
import type { EvalTarget } from '../eval/run.js';
import { meansServedModel } from '../models/serves.js';
import { homeLayout } from '../settings/home.js';
import { bringUp } from './bring-up.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';
import { messages } from './messages.js';
import { observe } from './observe.js';
import { asBotllmError } from './output.js';

export interface Measured {
  rows: Asked[];
  /** Models that could not be brought up or did not answer; the others were measured all the same. */
  failed: { model: string; error: BotllmError }[];
}

/** One that was left behind by a killed command ends by itself. */
const IDLE_TIMEOUT_MS = 10 * 60_000;

/**
 * Asks each model in turn; none named: the one that runs.
 * @throws BotllmError where not one of them could be asked
 */
export async function measureModels(
  ctx: Context,
  refs: readonly string[],
  plan: EvalPlan,
): Promise<Measured> {
  const rows: Asked[] = [];
  const failed: Measured['failed'] = [];
  if (refs.length === 0) return { rows: await measure(ctx, await runningTarget(ctx), plan), failed };
  for (const [at, ref] of refs.entries()) {
    if (ctx.signal.aborted) break;
    ctx.out.note(evalMessages.starting(ref, at + 1, refs.length));
    try {
      rows.push(...(await withTarget(ctx, ref, plan, (target) => measure(ctx, target, plan))));
    } catch (thrown) {
      if (ctx.signal.aborted) break;
      const error = asBotllmError(thrown);
      if (refs.length === 1) throw error;
      ctx.out.note(evalMessages.notMeasured(ref));
      ctx.out.explain(error);
      failed.push({ model: ref, error });
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
  const [, name, url] = /^(.+?)@(https?:\/\/.+)$/.exec(ref) ?? [];
  if (name !== undefined && url !== undefined) {
    return work({ id: name, baseUrl: url, model: name, apiKey: ctx.settings.apiKey });
  }
  const live = await ctx.liveEngine();
  if (live && (await meansServedModel(ref, live.model))) {
    return work({ id: live.model.name, baseUrl: live.endpoint, model: live.model.name });
  }
  const scratch = await mkdtemp(path.join(tmpdir(), 'botllm-eval-'));
  const { models, runtime } = ctx.layout;
  const own = { ...ctx, layout: { ...homeLayout(scratch), models, runtime } };
  try {
    const request = {
      model: ref,
      port: await freePort(DEFAULT_HOST),
      slots: concurrency,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    };
    const { state } = await bringUp(own, request);
    try {
      const { endpoint, model } = state;
      return await work({ id: model.name, baseUrl: endpoint, model: model.name });
    } finally {
      // What was answered outlives an engine that does not stop; that one ends by itself when nobody asks.
      await stopEngine(own.layout, state, GRACE_MS).catch((error) => ctx.out.explain(asBotllmError(error)));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
