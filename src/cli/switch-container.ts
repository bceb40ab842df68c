import path from 'node:path';
import { sameModel } from '../engines/compose/adopt.js';
import type { ComposeChoice } from '../engines/compose/choice.js';
import { composeDown } from '../engines/compose/down.js';
import { GRACE_MS } from '../engines/stop.js';
import { resolveModel } from '../models/resolve.js';
import { bringUpContainer } from './compose-up.js';
import type { Context } from './context.js';
import { containerNames, toolsOf } from './docker.js';
import type { Way } from './exchange.js';
import { parse } from './parse.js';

/** A container is made again as it was but for its model, and, where the other does not come up, just as it was. */
export function containerWay(
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
