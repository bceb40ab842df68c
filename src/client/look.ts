import { type Ending, openScope, orAbort } from './cancel.js';
import type { Kit } from './kit.js';

/** How the engine is, at this moment. */
export interface EngineLook {
  /** `starting`: it answers, and says that it cannot serve yet. `away`: nobody answers in time. */
  state: 'ready' | 'starting' | 'away';
  /** The configured, else the served name of the model; null while nobody said. */
  model: string | null;
}

const LOOK_TIMEOUT_MS = 1000;

/** One look at the engine's `/health`: costs it no token, takes at most a second, never fails but by the signal. */
export async function lookAtEngine(kit: Kit, parent: Ending): Promise<EngineLook> {
  const scope = openScope({ clock: kit.clock, parents: [parent], timeoutMs: LOOK_TIMEOUT_MS });
  const { signal } = scope;
  try {
    const transport = await orAbort(kit.transport(), signal);
    const asking = transport.send({ method: 'GET', path: '/health', requestId: 'look', signal });
    const { status } = await orAbort(asking, signal);
    // A server without this path is up all the same.
    const state = status < 500 ? 'ready' : 'starting';
    const model = kit.config.model ?? (await kit.detector.facts(signal)).servedModel;
    return { state, model };
  } catch {
    parent.throwIfAborted();
    return { state: 'away', model: kit.config.model ?? null };
  } finally {
    scope.close();
  }
}
