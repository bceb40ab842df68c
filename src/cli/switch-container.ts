import { requireNoOther } from '../engines/beside/record.js';
import { sameModel } from '../engines/compose/adopt.js';
import { isListening, isReady } from '../engines/compose/ask.js';
import { type BesideGoal, removeBeside, runBeside } from '../engines/compose/beside.js';
import type { ComposeChoice } from '../engines/compose/choice.js';
import { inspectContainer } from '../engines/compose/container.js';
import { composeDown } from '../engines/compose/down.js';
import { fetchRepository } from '../engines/compose/fetch-hub.js';
import { fitContainer } from '../engines/compose/fit-container.js';
import { DEFAULT_NETWORK } from '../engines/compose/names.js';
import type { ComposeWish } from '../engines/compose/order.js';
import { FAMILIES, planContainer } from '../engines/compose/plan.js';
import { toolRunner } from '../engines/compose/run-tool.js';
import { takeSteps } from '../engines/compose/steps.js';
import { GRACE_MS } from '../engines/stop.js';
import { isBotllmError } from '../errors.js';
import { resolveModel } from '../models/resolve.js';
import { bringUpContainer, withContainerNews } from './compose-up.js';
import { type ComposeOptions, chooseGpus, composeWish, type GpuChoice } from './compose-wish.js';
import { madeAs, modelBefore, optionsAsItWas } from './container-as-it-was.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { containerNames, toolsOf } from './docker.js';
import { exchange, failed, type SwitchWay } from './exchange.js';
import { asBotllmError, type Outcome } from './output.js';
import { sayFit } from './say-fit.js';

/**
 * Another model in place of a container's; null: it is the one that runs. Docker cannot give a running container
 * another port, so the new one is made in the place of the old one; its weights are there before that, and where
 * there is room for both, it has made a token, too.
 */
export async function switchContainer(
  ctx: Context,
  choice: ComposeChoice,
  model: string,
  quantize: string | undefined,
): Promise<Outcome | null> {
  if (isSame(ctx, choice, model, quantize)) return null;
  const { layout } = ctx;
  const { llm, redis } = containerNames(ctx);
  const as = madeAs(choice);
  const wanted = { ...as, model, quantize };
  const run = toolsOf(ctx);
  await requireNoOther(layout, () => removeBeside(run, namesOf(ctx, choice)));
  const how = await prepare(ctx, choice, wanted);
  // Its Redis stays: what it holds is keyed by model.
  const kept = { ...choice, redis: choice.redis && { ...choice.redis, started: false } };
  const former = optionsAsItWas(choice);
  const way = {
    before: choice.model,
    stop: () =>
      composeDown(kept, { run: toolRunner(ctx.childEnv), layout, graceMs: GRACE_MS, known: [llm, redis] }),
    start: async (which: 'new' | 'old', by: Context) => {
      const made = await bringUpContainer(by, which === 'new' ? wanted : former, choice);
      return { model: made.choice.model, readyAt: made.readyAt };
    },
  };
  return exchange(ctx, way, model, how);
}

const namesOf = ({ settings }: Context, { container, env }: ComposeChoice) => ({
  container,
  network: env.LLM_NETWORK ?? settings.llmNetwork ?? DEFAULT_NETWORK,
});

function isSame(ctx: Context, choice: ComposeChoice, model: string, quantize: string | undefined): boolean {
  const before = modelBefore(choice);
  const resolved = resolveModel(model, { cwd: ctx.folders.cwd });
  const isIt = resolved.kind === 'file' ? resolved.path === before : sameModel(model, before);
  return isIt && (quantize === undefined || quantize === choice.quantize);
}

/** All that can be done while the old one answers. */
async function prepare(ctx: Context, choice: ComposeChoice, wanted: ComposeOptions): Promise<SwitchWay> {
  const gpus = await chooseGpus(ctx, toolsOf(ctx), wanted.gpu);
  // Also fetches what a container cannot fetch by itself.
  const wish = await composeWish(ctx, wanted, gpus.given);
  const before = choice.model;
  const name = wanted.model ?? '';
  try {
    if (wish.family !== 'llamacpp') {
      await fetchByFamily(ctx, choice, wish);
      ctx.out.note(containerMessages.stoppingFirst(before, containerMessages.oneAtATime(wish.family)));
      return 'stopped-first';
    }
    const why = await whyNotBeside(ctx, choice, wish, gpus);
    ctx.out.note(
      why === null ? containerMessages.trying(name, before) : containerMessages.stoppingFirst(before, why),
    );
    if (why === null && (await tryIt(ctx, before, wish))) {
      ctx.out.note(containerMessages.tried(name, before));
      return 'tried-beside';
    }
    // A file is mounted; anything else has to be fetched.
    if (why !== null && wish.model?.kind !== 'file') await beside(ctx, wish, 'fetch');
    return 'stopped-first';
  } catch (thrown) {
    throw failed(asBotllmError(thrown), containerMessages.switchStays(name, before));
  }
}

const beside = (ctx: Context, wish: ComposeWish, goal: BesideGoal) =>
  withContainerNews(ctx, (surroundings) => runBeside(wish, goal, surroundings));

/** False: there was no room after all, which says nothing of the model alone. */
async function tryIt(ctx: Context, before: string, wish: ComposeWish): Promise<boolean> {
  try {
    await beside(ctx, wish, 'try');
    return true;
  } catch (error) {
    if (ctx.signal.aborted || !isBotllmError(error, 'NOT_ENOUGH_MEMORY')) throw error;
    ctx.out.note(containerMessages.stoppingFirst(before, error.message));
    return false;
  }
}

/** Null: there is room for both. */
async function whyNotBeside(
  ctx: Context,
  { container, endpoint, model }: ComposeChoice,
  wish: ComposeWish,
  gpus: GpuChoice,
): Promise<string | null> {
  const { apiKey } = ctx.settings;
  const serving = await inspectContainer(toolsOf(ctx), container);
  const answers = await isReady(FAMILIES.llamacpp, { endpoint, apiKey, signal: ctx.signal });
  if (serving === undefined || !answers) return containerMessages.notReadyBefore(model);
  const fit = await fitContainer(wish, serving, gpus.present);
  return fit.fits ? null : sayFit(fit);
}

/** Ollama fetches for whoever asks it; vLLM's image has a program that does. */
async function fetchByFamily(ctx: Context, { endpoint }: ComposeChoice, wish: ComposeWish): Promise<void> {
  await withContainerNews(ctx, async (surroundings) => {
    const plan = planContainer(wish);
    const [pull] = plan.steps;
    if (pull === undefined) return fetchRepository(wish, surroundings);
    const listens = await isListening(FAMILIES[wish.family], { endpoint, signal: ctx.signal });
    if (listens) await takeSteps({ ...plan, steps: [pull] }, endpoint, surroundings);
  });
}
