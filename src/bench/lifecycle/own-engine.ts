import { freePort } from '../../engines/beside/free-port.js';
import type { EngineReport } from '../../engines/health.js';
import { DEFAULT_HOST, type UpRequest } from '../../engines/started-with.js';
import type { EngineState } from '../../engines/state.js';
import { stopEngine } from '../../engines/stop.js';
import { type UpContext, up } from '../../engines/up.js';
import type { EnsuredModel } from '../../models/ensure.js';
import { benchLayout } from './bench-layout.js';

/** A model that the bench serves for itself. */
export interface OwnEngine {
  state: EngineState;
  health: EngineReport;
  model: EnsuredModel;
  /** From the process's start to its first token. */
  loadMs: number;
}

const GRACE_MS = 2_000;

/**
 * Serves a model on a free port of its own while `work` measures it, and stops it however that ends.
 * @throws BotllmError as `up` does
 */
export async function withOwnEngine<T>(
  model: EnsuredModel,
  request: UpRequest,
  ctx: Omit<UpContext, 'ensureModel'>,
  work: (engine: OwnEngine) => Promise<T>,
): Promise<T> {
  const layout = benchLayout(ctx.layout);
  let startedAt = performance.now();
  const { state, health } = await up(
    { ...request, model: model.path, port: await freePort(DEFAULT_HOST) },
    {
      ...ctx,
      layout,
      ensureModel: () => Promise.resolve(model),
      onEvent: (event) => {
        if (event.type === 'phase' && event.phase === 'start') startedAt = performance.now();
        ctx.onEvent(event);
      },
    },
  );
  const loadMs = performance.now() - startedAt;
  try {
    return await work({ state, health, model, loadMs });
  } finally {
    await stopEngine(layout, state, GRACE_MS);
  }
}
