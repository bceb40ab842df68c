import { present } from '../present.js';
import type { EngineStatus, StatusOptions } from '../status.js';
import type { ComposeChoice } from './choice.js';
import { containerStats } from './container-stats.js';
import type { RunTool } from './run-tool.js';
import { containerStatus } from './status.js';

/** One look at the container that `up` chose, and at the engine in it. */
export async function composeStatus(
  choice: ComposeChoice,
  run: RunTool,
  { signal, apiKey, detail = false }: StatusOptions,
): Promise<EngineStatus> {
  const found = await containerStatus(choice, run, { signal, apiKey, detail });
  const { container, offload, reason, phase, context, slots } = found;
  const base = { engine: 'compose', state: found.state, endpoint: choice.endpoint } as const;
  if (container === undefined && found.state === 'stopped') return { engine: null, state: 'stopped' };
  if (container === undefined) {
    const model = found.model ?? choice.model;
    return { ...base, model, ...present({ reason, context: context ?? choice.context, slots }) };
  }
  const running = container.status === 'running';
  const [stats] = running && detail ? await containerStats(run, [container.name]) : [];
  return {
    ...base,
    model: found.model ?? choice.model,
    device: container.gpu ? 'GPU' : 'CPU',
    ...(running ? { startedAt: container.startedAt, pid: container.pid } : {}),
    ...present({ phase, context: context ?? choice.context, slots: slots ?? choice.slots }),
    container: {
      name: container.name,
      image: container.image,
      family: choice.family,
      status: container.status,
      restarts: container.restarts,
      gpus: choice.gpus,
      ...present({ health: container.health, memoryBytes: stats?.memoryBytes, offload, reason }),
      ...present({ quantize: container.env.QUANTIZE || choice.quantize, weights: found.weights }),
      ...(container.memoryLimit > 0 ? { memoryLimitBytes: container.memoryLimit } : {}),
      ...(choice.redis ? { redis: choice.redis.url } : {}),
    },
  };
}
