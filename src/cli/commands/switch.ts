import path from 'node:path';
import { sameModel } from '../../engines/compose/adopt.js';
import { type ComposeChoice, readChoice } from '../../engines/compose/choice.js';
import { composeDown } from '../../engines/compose/down.js';
import type { UpRequest } from '../../engines/started-with.js';
import { liveState } from '../../engines/state.js';
import { GRACE_MS, stopEngine } from '../../engines/stop.js';
import { BotllmError } from '../../errors.js';
import { resolveModel } from '../../models/resolve.js';
import { meansServedModel } from '../../models/serves.js';
import { bringUp } from '../bring-up.js';
import { bringUpContainer } from '../compose-up.js';
import { containerMessages } from '../container-messages.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { containerNames, toolsOf } from '../docker.js';
import { messages } from '../messages.js';
import type { Outcome } from '../output.js';
import { asBotllmError } from '../output.js';
import { parse } from '../parse.js';

export const switchModel: CommandSpec = {
  path: 'switch',
  summary: 'serve another model: stop the one, start the other, or go back to the first where that fails',
  arguments: [
    {
      name: '<model>',
      description: 'an alias of `botllm models`, a hub id or a .gguf file',
      values: 'models',
    },
  ],
  options: [{ flags: '--quantize <q>', description: 'int4, int8, gptq or a name of GGUF, for a container' }],
  examples: ['botllm switch gemma-2b', 'botllm switch qwen3-0.6b --json'],
  handler: async (ctx, input) => {
    const [model = ''] = input.arguments;
    const { quantize } = input.options as { quantize?: string };
    // A name that means nothing is found out while the old one still answers.
    resolveModel(model, { cwd: ctx.folders.cwd });
    const way = await wayOf(ctx, model, quantize);
    return way === null ? same(model) : exchange(ctx, way, model);
  },
};

/** What serves now, and since when it could make a token, on `performance`'s clock. */
interface Served {
  model: string;
  readyAt: number;
}

/** How the engine of this home is stopped, and started with one model or the other. */
interface Way {
  before: string;
  stop: () => Promise<unknown>;
  /** @param by the old one comes back also after Ctrl-C, which `ctx` has seen */
  start: (model: 'new' | 'old', by: Context) => Promise<Served>;
}

async function wayOf(ctx: Context, model: string, quantize: string | undefined): Promise<Way | null> {
  const { layout } = ctx;
  const state = await liveState(layout);
  if (state) {
    if (await meansServedModel(model, state.model)) return null;
    const { model: _, ...rest } = state.startedWith;
    const start = async (request: UpRequest, by: Context) => {
      const { state } = await bringUp(by, request);
      return { model: state.model.name, readyAt: performance.now() };
    };
    return {
      before: state.model.name,
      stop: () => stopEngine(layout, state, GRACE_MS),
      start: (which, by) =>
        start({ ...rest, port: state.port, model: which === 'new' ? model : state.model.path }, by),
    };
  }
  const choice = await readChoice(layout);
  if (!choice)
    throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: `botllm up --model ${model}` });
  return containerWay(ctx, choice, model, quantize);
}

/** A container is made again as it was but for its model, and, where the other does not come up, just as it was. */
function containerWay(
  ctx: Context,
  choice: ComposeChoice,
  model: string,
  quantize: string | undefined,
): Way | null {
  const { layout } = ctx;
  const before = modelBefore(choice);
  const resolved = resolveModel(model, { cwd: ctx.folders.cwd });
  const isSame = resolved.kind === 'file' ? resolved.path === before : sameModel(model, before);
  if (isSame && (quantize === undefined || quantize === choice.quantize)) return null;
  const { LLM_BIND: publish, LLM_MEM_LIMIT: limit } = choice.env;
  const as = {
    ...{ family: choice.family, port: choice.port, publish },
    memory: limit === undefined ? undefined : parse.bytes(limit),
    gpu: choice.gpus.length === 0 ? ('none' as const) : ('auto' as const),
  };
  // Its Redis stays: what it holds is keyed by model.
  const kept = { ...choice, redis: choice.redis && { ...choice.redis, started: false } };
  const { llm, redis } = containerNames(ctx);
  const how = { run: toolsOf(ctx), layout, graceMs: GRACE_MS, known: [llm, redis] };
  return {
    before: choice.model,
    stop: () => composeDown(kept, how),
    start: async (which, by) => {
      const wanted =
        which === 'new'
          ? { ...as, model, quantize }
          : { ...as, model: before, quantize: choice.quantize, totalTokens: tokensOf(choice) };
      const { choice: made, readyAt } = await bringUpContainer(by, wanted);
      return { model: made.model, readyAt };
    },
  };
}

/** Where a file of this machine is mounted, the record knows it by its place inside. */
function modelBefore({ env, asked, model }: ComposeChoice): string {
  const { MODEL_ID: id = '', LLM_WEIGHTS: folder } = env;
  if (id.startsWith('/') && folder !== undefined) return path.join(folder, path.basename(id));
  return (id || asked) ?? model;
}

function tokensOf({ env: { MAX_BATCH_TOTAL_TOKENS: tokens } }: ComposeChoice): number | undefined {
  return tokens === undefined ? undefined : Number(tokens);
}

async function exchange(ctx: Context, way: Way, model: string): Promise<Outcome> {
  const stoppedAt = performance.now();
  const seconds = ({ readyAt }: Served) => ((readyAt - stoppedAt) / 1000).toFixed(1);
  await way.stop();
  try {
    const now = await way.start('new', ctx);
    const downtimeS = Number(seconds(now));
    const text = () => containerMessages.switched(now.model, String(downtimeS));
    const data = { switched: true, before: way.before, model: now.model, downtimeS };
    return { schema: 'switch', data, text };
  } catch (thrown) {
    const error = asBotllmError(thrown);
    ctx.out.explain(error);
    // A second Ctrl-C ends the process at once.
    const again = await way.start('old', { ...ctx, signal: new AbortController().signal });
    ctx.out.note(containerMessages.rolledBack(again.model, seconds(again)));
    throw new BotllmError(error.code, containerMessages.switchFailed(model, again.model), {
      detail: error.message,
      hint: error.hint,
      cause: error,
    });
  }
}

function same(model: string): Outcome {
  return {
    schema: 'switch',
    data: { switched: false, model, downtimeS: 0 },
    text: () => containerMessages.switchSame(model),
  };
}
