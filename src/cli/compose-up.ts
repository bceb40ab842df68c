import { stat } from 'node:fs/promises';
import { type ComposeChoice, mountedFile } from '../engines/compose/choice.js';
import { requireDocker } from '../engines/compose/docker.js';
import { SAY } from '../engines/compose/messages.js';
import { FAMILIES } from '../engines/compose/plan.js';
import { type RunTool, toolRunner } from '../engines/compose/run-tool.js';
import { type ComposeUpContext, type ComposeUpResult, composeUp } from '../engines/compose/up.js';
import { rememberFingerprint } from '../engines/weights.js';
import { BotllmError } from '../errors.js';
import { makeHome } from '../settings/make-home.js';
import { forgetAnswers } from './bring-up.js';
import { type ComposeOptions, chooseGpus, composeWish } from './compose-wish.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { messages } from './messages.js';
import { warmPrefixes } from './warm-prefixes.js';

const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const LOG_TAIL_LINES = 15;

/**
 * `up` of a container, as commands do it: with news on stderr, NDJSON events, and its log's tail when it fails.
 * @param former in whose place it comes: it has a Redis beside it as that one had
 */
export async function bringUpContainer(
  ctx: Context,
  options: ComposeOptions,
  former?: Pick<ComposeChoice, 'redis'>,
): Promise<ComposeUpResult> {
  const { out, layout } = ctx;
  makeHome(layout.home);
  const run = toolsOf(ctx);
  const progress = out.progress();
  try {
    refuseProcessOptions(options as Readonly<Record<string, unknown>>);
    await requireDocker(run);
    const gpus = await chooseGpus(ctx, run, options.gpu);
    const [card] = gpus.present;
    if (card && gpus.unused)
      out.note(containerMessages.gpuIdle(card.name, containerMessages.gpuWhy[gpus.unused]));
    const wish = await composeWish(ctx, options, gpus.given);
    const given = surroundings(ctx, run, progress);
    const { redis: formerRedis } = former ?? {};
    const wantsRedis = former === undefined ? given.wantsRedis : formerRedis !== null;
    const result = await composeUp(wish, { ...given, wantsRedis, formerRedis });
    const { choice } = result;
    progress.done();
    if (!result.alreadyRunning) {
      const replaced = await rememberFingerprint(layout, choice.model, await fingerprint(choice.env));
      if (replaced) await forgetAnswers(ctx, choice.model);
    }
    const health = FAMILIES[choice.family].health;
    if (health !== '/health') out.note(containerMessages.healthLine(`curl ${choice.endpoint}${health}`));
    if (result.isNew) {
      progress.step(messages.phase.prefixes);
      out.event({ type: 'phase', phase: 'prefixes' });
      await warmPrefixes(ctx, choice);
    }
    return result;
  } finally {
    progress.done();
  }
}

/** Runs what starts a container, and tells what it does. */
export async function withContainerNews<T>(
  ctx: Context,
  work: (surroundings: ComposeUpContext) => Promise<T>,
): Promise<T> {
  makeHome(ctx.layout.home);
  const progress = ctx.out.progress();
  try {
    return await work(surroundings(ctx, toolsOf(ctx), progress));
  } finally {
    progress.done();
  }
}

function surroundings(
  ctx: Context,
  run: RunTool,
  progress: ReturnType<Context['out']['progress']>,
): ComposeUpContext {
  const { out, layout, settings, signal, childEnv } = ctx;
  return {
    ...{ layout, run, signal, sweep: toolRunner(childEnv) },
    secrets: { hfToken: settings.hfToken, apiKey: settings.apiKey },
    project: childEnv.COMPOSE_PROJECT_NAME || 'botllm',
    timeoutMs: ctx.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    // One that is named, or none that is wanted, needs no container.
    wantsRedis: settings.redisUrl === undefined,
    onPhase: (phase, fraction) => {
      out.event({ type: 'phase', phase, ...(fraction === undefined ? {} : { progress: fraction }) });
      progress.step(messages.phase[phase], fraction);
    },
    onNotice: (text) => {
      progress.done();
      out.event({ type: 'notice', text });
      out.note(text);
    },
    onCompose: (line) => {
      out.event({ type: 'compose', line });
      progress.step(messages.phase.start);
    },
    onLog: (lines) => {
      progress.done();
      out.note(
        `${messages.logTail}\n${lines
          .slice(-LOG_TAIL_LINES)
          .map((line) => `  ${line}`)
          .join('\n')}`,
      );
    },
    onWait: () => out.note(messages.waitingForLock),
  };
}

/** Options that a container has no answer to must not be passed over in silence. */
function refuseProcessOptions(options: Readonly<Record<string, unknown>>): void {
  for (const [name, hint] of Object.entries(SAY.containerHasNoHint)) {
    if (options[name] === undefined || options[name] === false) continue;
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new BotllmError('USAGE', SAY.containerHasNo(option), { hint });
  }
}

/** Other weights behind the same name: another id, quantisation or folder, or another file in its place. */
async function fingerprint(env: Record<string, string>): Promise<string> {
  const file = mountedFile({ env });
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  const words = ['MODEL_ID', 'QUANTIZE', 'LLM_WEIGHTS', 'HF_ENDPOINT'].map((name) => env[name] ?? '');
  return [...words, ...(found ? [found.size, found.mtimeMs] : [])].join(' ');
}
