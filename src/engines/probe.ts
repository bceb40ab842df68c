import { type Health, probeHealth } from './health.js';
import type { EngineState } from './state.js';

/** One look at the recorded engine, in the words of its kind. */
export async function probeEngine(state: EngineState, signal?: AbortSignal): Promise<Health> {
  const { engine, endpoint, instanceId } = state;
  if (engine !== 'native') return probeHealth(endpoint, { instanceId, signal });
  const { probeNative } = await import('./native/health.js');
  return probeNative(state, signal);
}
