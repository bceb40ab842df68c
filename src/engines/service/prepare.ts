import { CATALOGUE } from '../../models/catalogue.js';
import type { EnsuredModel } from '../../models/ensure.js';
import { type ChoiceReason, chooseEngine, type EngineChoice } from '../choose.js';
import { type DryRunContext, shapeToCome } from '../dry-run.js';
import { ensureBinding } from '../embedded/install-binding.js';
import { shapeOf } from '../memory-estimate.js';
import { requireFreePort } from '../port-owner.js';
import { DEFAULT_HOST, DEFAULT_PORT, type UpRequest } from '../started-with.js';
import { type EngineState, runningState } from '../state.js';
import type { UpContext } from '../up.js';
import { type PlanContext, type ServicePlan, servicePlan } from './plan.js';

export interface PreparedService {
  plan: ServicePlan;
  model: EnsuredModel;
  choice: { reason: ChoiceReason; binary?: string };
}

/** Node, botllm's own file that it runs, and what the unit is called. */
export type ServiceCommand = Pick<PlanContext, 'program' | 'entry' | 'name'>;

/**
 * Does here, before a person's eyes, what a service would do unseen: chooses the engine, fetches weights and
 * llama.cpp, and finds out whether there is room. The service itself then needs no network and no token.
 * @throws BotllmError what an `up` would throw before it starts anything
 */
export async function prepareService(
  request: UpRequest,
  command: ServiceCommand,
  ctx: UpContext,
): Promise<PreparedService> {
  const { layout, env, signal, onEvent } = ctx;
  onEvent({ type: 'phase', phase: 'checks' });
  const running = await runningState(layout);
  const { engine, reason, binary, foresee } = await choose(request, running, ctx);
  onEvent({ type: 'phase', phase: 'model' });
  const model = await ctx.ensureModel(request.model);
  // What runs now gives its memory back before the service takes any.
  if (!running) await foresee({ request, shape: shapeOf(model), ...placeOf(request), layout });
  if (engine === 'embedded') {
    await ensureBinding({ layout, signal, onInstall: (folder) => onEvent({ type: 'binding', folder }) });
  }
  const planned = { ...model, isKnown: model.entry !== undefined };
  const plan = servicePlan(request, { engine, binary, model: planned }, { layout, env, ...command });
  return { plan, model, choice: { reason, ...(binary === undefined ? {} : { binary }) } };
}

/** The plan alone: nothing is fetched and nothing changed. @throws BotllmError what `prepareService` would */
export async function foreseeService(
  request: UpRequest,
  command: ServiceCommand,
  ctx: DryRunContext,
): Promise<ServicePlan> {
  const { layout, env } = ctx;
  const { engine, binary } = await choose(request, await runningState(layout), ctx);
  const found = await ctx.foreseeModel(request.model);
  const model =
    'model' in found
      ? { ...found.model, isKnown: found.model.entry !== undefined }
      : { ...shapeToCome(found, layout), standIn: false, isKnown: found.entry !== undefined };
  // Nobody named it, and it is not the default.
  const standIn = model.standIn || (request.model === undefined && model.name !== CATALOGUE.defaultAlias);
  return servicePlan(request, { engine, binary, model: { ...model, standIn } }, { layout, env, ...command });
}

async function choose(
  request: UpRequest,
  running: EngineState | null,
  { env, serverBin, signal }: Pick<UpContext, 'env' | 'serverBin' | 'signal'>,
): Promise<EngineChoice> {
  const { host, port } = placeOf(request);
  if (running?.port !== port) await requireFreePort(host, port);
  return chooseEngine(request, { env, serverBin, signal });
}

const placeOf = ({ port = DEFAULT_PORT }: UpRequest) => ({ host: DEFAULT_HOST, port });
