import { benchLayout } from '../bench/lifecycle/bench-layout.js';
import { whyShapeNotFitting } from '../bench/lifecycle/fit.js';
import type { OpenJournal } from '../bench/lifecycle/journal.js';
import { ownName, withOwnContainer } from '../bench/lifecycle/own-container.js';
import { freePort } from '../engines/beside/free-port.js';
import type { FamilyName } from '../engines/compose/families/contract.js';
import { containerLoad } from '../engines/compose/fit-container.js';
import { DEFAULT_NETWORK } from '../engines/compose/names.js';
import type { ComposeWish } from '../engines/compose/order.js';
import { DEFAULT_HOST } from '../engines/started-with.js';
import { liveState } from '../engines/state.js';
import type { BotllmError } from '../errors.js';
import { withContainerNews } from './compose-up.js';
import { chooseGpus, composeWish } from './compose-wish.js';
import type { Context } from './context.js';
import { containerNames, toolsOf } from './docker.js';

/** How the bench's containers are started. */
export interface ContainerWish {
  family?: FamilyName | undefined;
  gpu?: 'auto' | 'none' | undefined;
}

/**
 * Serves a model in a container for a measurement: a name, a network and a port of its own, the operator's image and
 * volume of weights. `there` sees it as its home's engine.
 * @throws BotllmError as `up --engine compose` does
 */
export async function containMeanwhile<T>(
  ctx: Context,
  ref: string,
  { wish: asked, journal }: { wish: ContainerWish; journal: OpenJournal },
  work: (there: Context, facts: { loadMs: number | undefined }) => Promise<T>,
): Promise<T> {
  const there = ownWorld(ctx);
  const wish = await wishOf(there, ref, asked);
  const { container, network } = wish;
  await journal.starting({ container, network });
  return withContainerNews(there, (surroundings) =>
    withOwnContainer(wish, surroundings, (facts) => work(there, facts)),
  );
}

/** Of llama.cpp's it is known before; what lies on a card is no business of this machine's memory. */
export async function whyNotContained(
  ctx: Context,
  ref: string,
  asked: ContainerWish,
): Promise<BotllmError | undefined> {
  const wish = await wishOf(ownWorld(ctx), ref, asked);
  if (wish.family !== 'llamacpp' || wish.gpus.length > 0) return undefined;
  const { shape, load } = await containerLoad(wish);
  return whyShapeNotFitting(ref, shape, load);
}

async function wishOf(there: Context, ref: string, { family, gpu }: ContainerWish): Promise<ComposeWish> {
  const options = { family, model: ref, gpu, port: await freePort(DEFAULT_HOST), publish: DEFAULT_HOST };
  const { given } = await chooseGpus(there, toolsOf(there), gpu);
  return composeWish(there, options, given);
}

/** The same machine, with names that the operator's container, network, project and store do not have. */
function ownWorld(ctx: Context): Context {
  const { settings, childEnv } = ctx;
  const layout = benchLayout(ctx.layout);
  return {
    ...ctx,
    layout,
    // The bench's is that of a request.
    timeoutMs: undefined,
    settings: {
      ...settings,
      llmContainer: ownName(containerNames(ctx).llm),
      llmNetwork: ownName(settings.llmNetwork ?? DEFAULT_NETWORK),
      // A measurement needs no store.
      redisUrl: 'none',
    },
    childEnv: { ...childEnv, COMPOSE_PROJECT_NAME: ownName(childEnv.COMPOSE_PROJECT_NAME || 'botllm') },
    remoteUrl: async () => undefined,
    liveEngine: () => liveState(layout),
  };
}
