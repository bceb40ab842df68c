import { type Health, probeHealth } from './health.js';
import { probeNative } from './native/health.js';
import type { EngineState } from './state.js';

/** One look at the recorded engine, in the words of its kind. */
export async function probeEngine(state: EngineState, signal?: AbortSignal): Promise<Health> {
  const { engine, endpoint, instanceId } = state;
  return engine === 'native' ? probeNative(state, signal) : probeHealth(endpoint, { instanceId, signal });
}
