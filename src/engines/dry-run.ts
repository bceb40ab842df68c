import path from 'node:path';
import { isBotllmError } from '../errors.js';
import type { ForeseenDownload, ForeseenModel } from '../models/foresee.js';
import type { HomeLayout } from '../settings/home.js';
import { type ChooseContext, chooseEngine, type EngineChoice } from './choose.js';
import type { Preview } from './launch.js';
import { type ModelShape, shapeOf } from './memory-estimate.js';
import { requireFreePort } from './port-owner.js';
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  otherSettings,
  settingDifferences,
  type UpRequest,
} from './started-with.js';
import { type EngineState, runningState } from './state.js';

export interface DryRunContext extends ChooseContext {
  layout: HomeLayout;
  foreseeModel: (ref: string | undefined) => Promise<ForeseenModel>;
}

/** What an `up` would do: join the engine that runs, or start one. */
export type DryRun = { running: EngineState } | DryStart;

export interface DryStart {
  choice: EngineChoice;
  model: ForeseenModel;
  shape: ModelShape;
  endpoint: string;
  preview: Preview;
  /** What runs with other settings and would have to go first, and what differs, in words. */
  inTheWay?: { running: EngineState; differences: string[] };
}

/**
 * Looks at everything that `up` looks at, in its order, and stops where `up` would begin to change something:
 * no folder is made, no lock taken, nothing fetched, nothing started.
 * An engine with other settings, to which `up` says no, is named beside the plan.
 * @throws BotllmError what else `up` would throw before it starts anything
 */
export async function dryRun(request: UpRequest, ctx: DryRunContext): Promise<DryRun> {
  const running = await runningState(ctx.layout);
  const differences = running ? await settingDifferences(running, request) : [];
  if (running && differences.length === 0) return { running };
  const [host, port] = [DEFAULT_HOST, request.port ?? DEFAULT_PORT];
  if (running?.port !== port) await requireFreePort(host, port);
  const choice = await chooseEngine(request, ctx);
  const model = await ctx.foreseeModel(request.model);
  const shape = 'model' in model ? shapeOf(model.model) : shapeToCome(model, ctx.layout);
  const preview = await choice
    .foresee({ request, shape, host, port, layout: ctx.layout })
    .catch((error: unknown) => {
      // It may well fit once the other one has given its memory back: that would be no answer.
      throw running && isBotllmError(error, 'NOT_ENOUGH_MEMORY') ? otherSettings(differences) : error;
    });
  const plan = { choice, model, shape, endpoint: `http://${host}:${port}`, preview };
  return running ? { ...plan, inTheWay: { running, differences } } : plan;
}

/** Of a model that is not here the catalogue knows what it knows. */
export function shapeToCome({ download, entry }: ForeseenDownload, { models }: HomeLayout): ModelShape {
  const { name, file, bytes = entry?.approxBytes } = download.target;
  const { thinking = false, context, kvBytesPerToken } = entry ?? {};
  return { name, path: path.join(models, file), thinking, bytes, context, kvBytesPerToken };
}
