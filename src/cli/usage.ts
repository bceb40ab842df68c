import { readChoice } from '../engines/compose/choice.js';
import { type ContainerStats, containerStats } from '../engines/compose/container-stats.js';
import { requireDocker } from '../engines/compose/docker.js';
import { type GpuCard, probeGpu } from '../engines/compose/gpu.js';
import { processUse } from '../engines/process-use.js';
import { BotllmError } from '../errors.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';

/** What one process or container takes; sizes are bytes, and what nobody counts is absent. */
export type UnitUse = Omit<ContainerStats, 'memoryLimitBytes'> & { memoryLimitBytes?: number };

export interface Usage {
  engine: 'embedded' | 'native' | 'compose';
  /** The engine, and the Redis beside its container. */
  units: readonly UnitUse[];
  gpus: readonly GpuCard[];
}

/**
 * One look at what runs: this home's process, else the containers that `up` chose, else those that the guide's own
 * line started. Takes one to two seconds, over which the processor is measured.
 * @throws BotllmError `ENGINE_NOT_RUNNING`, `MISSING_PREREQUISITE`
 */
export async function usage(ctx: Context): Promise<Usage> {
  const run = toolsOf(ctx);
  const [live, gpu] = await Promise.all([ctx.liveEngine(), probeGpu(run)]);
  if (live) {
    const use = await processUse(live.pid, ctx.signal);
    if (use === null) throw nothingRuns();
    return {
      engine: live.engine,
      units: [{ name: `${live.engine} (${live.pid})`, ...use }],
      gpus: gpu.cards,
    };
  }
  const { settings, layout } = ctx;
  const choice = await readChoice(layout);
  const engine = choice?.container ?? settings.llmContainer ?? 'botfactory-llm';
  const redis = choice?.redis?.container ?? settings.redisContainer ?? 'botfactory-redis';
  // Asked each by itself: of several, one that is not there would hide the others.
  const looks = await Promise.all([engine, redis].map((name) => containerStats(run, [name])));
  const units = looks.flat();
  if (units.length > 0) return { engine: 'compose', units, gpus: gpu.cards };
  if (choice) await requireDocker(run);
  throw nothingRuns();
}

function nothingRuns(): BotllmError {
  return new BotllmError('ENGINE_NOT_RUNNING', containerMessages.nothingRuns, { hint: 'botllm up' });
}
