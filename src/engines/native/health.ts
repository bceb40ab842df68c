import * as z from '../../zod.js';
import type { Health } from '../health.js';
import { listensOn } from '../port-owner.js';
import type { EngineState } from '../state.js';

/** llama-server's `/health`: 200, or 503 while it loads and then again while it ends. */
const ServerHealth = z.object({ status: z.literal('ok') });
const ServerError = z.object({ error: z.object({ type: z.string(), message: z.string() }) });

/** What `/props` tells of the one model that is served; other versions tell more or less. */
const ServerProps = z.object({
  total_slots: z.optional(z.number()),
  default_generation_settings: z.optional(z.object({ n_ctx: z.optional(z.number()) })),
});

/**
 * One look at a llama-server. Its `/health` does not say which instance answers, so the process that the state
 * file records has to be the one that listens; where the system does not tell, its `Server` header must do.
 */
export async function probeNative(
  state: EngineState,
  signal?: AbortSignal,
  timeoutMs = 1000,
): Promise<Health> {
  const bound = AbortSignal.timeout(timeoutMs);
  const get = async (path: string) => {
    const response = await fetch(state.endpoint + path, {
      signal: signal ? AbortSignal.any([signal, bound]) : bound,
    });
    const { status, headers } = response;
    return { status, server: headers.get('server') ?? '', body: asJson(await response.text()) };
  };
  try {
    const health = await get('/health');
    const owned = listensOn(state.pid, state.port) ?? /llama\.cpp/i.test(health.server);
    if (!owned) return { state: 'foreign', status: health.status };
    const { name: model } = state.model;
    const device = state.device === undefined ? {} : { device: state.device };
    if (ServerHealth.safeParse(health.body).success) {
      const props = ServerProps.safeParse((await get('/props')).body).data;
      const { total_slots: slots, default_generation_settings: defaults } = props ?? {};
      const context = defaults?.n_ctx;
      return {
        state: 'ready',
        reply: {
          phase: 'ready',
          model,
          ...device,
          ...(context === undefined ? {} : { context }),
          ...(slots === undefined ? {} : { slots }),
        },
      };
    }
    if (health.status === 503 && ServerError.safeParse(health.body).success)
      return { state: 'loading', reply: { phase: 'load', model, ...device } };
    return { state: 'foreign', status: health.status };
  } catch {
    signal?.throwIfAborted();
    return bound.aborted ? { state: 'silent' } : { state: 'refused' };
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
