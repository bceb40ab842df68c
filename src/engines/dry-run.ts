import path from 'node:path';
import { BotllmError } from '../errors.js';
import type { ForeseenDownload, ForeseenModel } from '../models/foresee.js';
import type { HomeLayout } from '../settings/home.js';
import { type ChooseContext, chooseEngine, type EngineChoice } from './choose.js';
import type { Preview } from './launch.js';
import { type ModelShape, shapeOf } from './memory-estimate.js';
import { messages } from './messages.js';
import { requireFreePort } from './port-owner.js';
import { DEFAULT_HOST, DEFAULT_PORT, settingDifferences, type UpRequest } from './started-with.js';
import { type EngineState, runningState } from './state.js';

export interface DryRunContext extends ChooseContext {
  layout: HomeLayout;
  foreseeModel: (ref: string | undefined) => Promise<ForeseenModel>;
}

/** What an `up` would do: join the engine that runs, or start one. */
export type DryRun =
  | { running: EngineState }
  | { choice: EngineChoice; model: ForeseenModel; shape: ModelShape; endpoint: string; preview: Preview };

/**
 * Looks at everything that `up` looks at, in its order, and stops where `up` would begin to change something:
 * no folder is made, no lock taken, nothing fetched, nothing started.
 * @throws BotllmError what `up` would throw before it starts anything
 */
export async function dryRun(request: UpRequest, ctx: DryRunContext): Promise<DryRun> {
  const running = await runningState(ctx.layout);
  if (running) {
    const differences = await settingDifferences(running, request);
    if (differences.length === 0) return { running };
    throw new BotllmError('PORT_TAKEN', messages.otherSettings, {
      detail: messages.otherSettingsDetail(differences),
      hint: messages.otherSettingsHint,
    });
  }
  const [host, port] = [DEFAULT_HOST, request.port ?? DEFAULT_PORT];
  await requireFreePort(host, port);
  const choice = await chooseEngine(request, ctx);
  const model = await ctx.foreseeModel(request.model);
  const shape = 'model' in model ? shapeOf(model.model) : shapeToCome(model, ctx.layout);
  const preview = await choice.foresee({ request, shape, host, port, layout: ctx.layout });
  return { choice, model, shape, endpoint: `http://${host}:${port}`, preview };
}

/** Of a model that is not here the catalogue knows what it knows. */
export function shapeToCome({ download, entry }: ForeseenDownload, { models }: HomeLayout): ModelShape {
  const { name, file, bytes = entry?.approxBytes } = download.target;
  const { thinking = false, context, kvBytesPerToken } = entry ?? {};
  return { name, path: path.join(models, file), thinking, bytes, context, kvBytesPerToken };
}
