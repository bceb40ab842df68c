import { requireCompose } from '../engines/compose/compose-tool.js';
import { findContainer, inspectContainer } from '../engines/compose/container.js';
import { probeDocker, requireDocker } from '../engines/compose/docker.js';
import { probeGpu } from '../engines/compose/gpu.js';
import { orderOf } from '../engines/compose/order.js';
import { isPortFree } from '../engines/port-owner.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../engines/started-with.js';
import { BotllmError } from '../errors.js';
import { prettySize } from '../size.js';
import { bringUpContainer } from './compose-up.js';
import { type ComposeOptions, chooseGpus, composeWish } from './compose-wish.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { containerNames, toolsOf } from './docker.js';
import { messages } from './messages.js';
import { exitOf, observe } from './observe.js';
import type { Outcome } from './output.js';
import { fields, type Style } from './style.js';

export type EngineWish = 'auto' | 'embedded' | 'native' | 'compose' | 'remote';
type Options = Readonly<Record<string, unknown>>;
export type WhyContainer = keyof typeof containerMessages.composeWhy;

/**
 * Whether the engine is to be a container, and why; null: a process of this home. `auto` takes one that was chosen
 * before, or where Docker answers and can use an NVIDIA GPU.
 */
export async function whyContainer(
  ctx: Context,
  engine: EngineWish,
  options: Options,
  processRuns: boolean,
  chosen: boolean,
): Promise<WhyContainer | null> {
  if (engine === 'compose') return 'asked';
  if (engine !== 'auto' || processRuns) return null;
  if (['family', 'profile', 'quantize', 'publish'].some((name) => options[name] !== undefined))
    return 'asked';
  const run = toolsOf(ctx);
  const port = (options.port as number | undefined) ?? ctx.settings.port ?? DEFAULT_PORT;
  // Also one that the guide's own line started; without a record, only its port makes it worth a question.
  if (chosen || !(await isPortFree(DEFAULT_HOST, port))) {
    const found = await findContainer(run, containerNames(ctx).llm);
    if (found?.running || found?.restarting) return 'running';
  }
  if (options.gpu === 'none') return null;
  const { cards, way } = await probeGpu(run);
  if (cards.length === 0 || way === undefined) return null;
  return (await probeDocker(run)).state === 'running' ? 'gpu' : null;
}

/** What a container alone understands, asked of a process. */
export function refuseContainerOptions(options: Options): void {
  const named = ['family', 'profile', 'quantize', 'publish'].some((name) => options[name] !== undefined);
  if (named || options.gpu === 'all') {
    throw new BotllmError('USAGE', containerMessages.profileNeeds, {
      hint: containerMessages.profileNeedsHint,
    });
  }
}

export async function upContainer(ctx: Context, options: Options, why: WhyContainer): Promise<Outcome> {
  const result = await bringUpContainer(ctx, options as ComposeOptions);
  const { choice, alreadyRunning } = result;
  const found = await observe({ ...ctx, remoteUrl: async () => undefined });
  const reason = `${messages.engineIs.compose} ${choice.family} (${containerMessages.composeWhy[why]})`;
  const data = { ...found, alreadyRunning, why: reason, redis: choice.redis?.url };
  const title = (alreadyRunning ? messages.alreadyUp : messages.up)(
    found.model ?? choice.model,
    choice.endpoint,
  );
  const text = (style: Style) =>
    [
      `${style.paint('green', style.mark.ok)} ${title}`,
      fields(
        [
          ['engine', reason],
          ['container', choice.container],
          ['device', found.device],
          [
            'context',
            found.context === undefined ? undefined : messages.contextOf(found.context, found.slots ?? 1),
          ],
          ['redis', choice.redis === null ? undefined : containerMessages.redisAt(choice.redis.url)],
        ],
        style,
      ),
      messages.upNext,
    ].join('\n');
  return { schema: 'up', data, text, exitCode: exitOf(found.state) };
}

/** What would be started, and with which words; nothing is changed but a generated file of ours. */
export async function dryContainer(ctx: Context, options: Options, why: WhyContainer): Promise<Outcome> {
  const run = toolsOf(ctx);
  const version = await requireDocker(run);
  const tool = await requireCompose(run);
  const gpus = await chooseGpus(ctx, run, options.gpu as ComposeOptions['gpu']);
  const wish = await composeWish(ctx, options as ComposeOptions, gpus.given);
  const { plan, files, env } = await orderOf(wish, ctx.layout);
  const running = (await inspectContainer(run, wish.container))?.status === 'running';
  const reason = `${messages.engineIs.compose} ${wish.family} (${containerMessages.composeWhy[why]})`;
  const command = [tool.command, ...tool.prefix, ...files.flatMap((file) => ['-f', file]), 'up', '-d', 'llm'];
  const [card] = gpus.present;
  const data = {
    ...{ dryRun: true, alreadyRunning: running, engine: 'compose', family: wish.family, why: reason },
    ...{ model: plan.served, image: plan.service.image, context: plan.context, slots: plan.slots },
    ...{ notices: plan.notices, command, env, gpus: gpus.given, docker: version, compose: tool.version },
  };
  const text = (style: Style) =>
    [
      running ? messages.alreadyUp(plan.served, wish.container) : messages.dryUp(plan.served),
      fields(
        [
          ['engine', reason],
          ['image', wish.image ?? plan.service.image],
          ['gpu', card ? `${card.name}, ${prettySize(card.totalBytes)}` : undefined],
          ...plan.notices.map((notice) => ['note', notice] as const),
          ['command', command.join(' ')],
          [
            'with',
            Object.entries(env)
              .map(([name, value]) => `${name}=${value}`)
              .join(' '),
          ],
        ],
        style,
      ),
    ].join('\n');
  return { schema: 'up', data, text };
}
