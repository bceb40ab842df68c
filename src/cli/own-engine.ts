import { benchLayout } from '../bench/lifecycle/bench-layout.js';
import { type OwnEngine, withOwnEngine } from '../bench/lifecycle/own-engine.js';
import type { UpRequest } from '../engines/started-with.js';
import { liveState } from '../engines/state.js';
import type { EnsuredModel } from '../models/ensure.js';
import type { Context } from './context.js';

const START_MS = 15 * 60_000;

/**
 * Serves a model for a measurement, on a port of its own, and stops it however that ends; a journal has to be open.
 * `there` sees this engine as its home's.
 * @throws BotllmError as `up` does
 */
export async function serveMeanwhile<T>(
  ctx: Context,
  model: EnsuredModel,
  request: UpRequest,
  work: (there: Context, engine: OwnEngine) => Promise<T>,
): Promise<T> {
  const { layout, env, settings, version, signal } = ctx;
  const own = benchLayout(layout);
  const there: Context = {
    ...ctx,
    layout: own,
    remoteUrl: async () => undefined,
    liveEngine: () => liveState(own),
  };
  return withOwnEngine(
    model,
    request,
    {
      ...{ layout, env, serverBin: settings.llamaServerBin, version, signal, timeoutMs: START_MS },
      onEvent: () => undefined,
    },
    (engine) => work(there, engine),
  );
}
