import { HealthReply } from './embedded/health-reply.js';
import { look, type Reply } from './look.js';

/** What an engine tells of itself, whichever it is; a field that was not learnt is absent. */
export type EngineReport = Pick<
  HealthReply,
  'phase' | 'progress' | 'model' | 'device' | 'context' | 'slots' | 'busy' | 'queued'
>;

/** What one look at an engine's `/health` found. */
export type Health =
  | { state: 'ready' | 'loading' | 'stopping'; reply: EngineReport }
  /** Somebody answers, but not an engine of ours (or another instance of it). */
  | { state: 'foreign'; status: number }
  /** Connected, but no answer within the bound: frozen, or busy beyond reason. */
  | { state: 'silent' }
  | { state: 'refused' };

export interface HealthOptions {
  /** Only the engine with this id counts as ours. */
  instanceId?: string | undefined;
  /** Bound of one look, milliseconds. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** One look at `GET /health`: costs the engine no token. */
export async function probeHealth(endpoint: string, options: HealthOptions = {}): Promise<Health> {
  const { instanceId, timeoutMs = 1000, signal } = options;
  const bound = AbortSignal.timeout(timeoutMs);
  let found: Reply;
  let body: unknown;
  try {
    found = await look(`${endpoint}/health`, signal ? AbortSignal.any([signal, bound]) : bound);
    try {
      body = JSON.parse(found.text);
    } catch {
      body = found.text;
    }
  } catch (error) {
    signal?.throwIfAborted();
    // Somebody is there who does not come to an end: by the clock, or by the size of what he says.
    const isThere = bound.aborted || error instanceof RangeError;
    return isThere ? { state: 'silent' } : { state: 'refused' };
  }
  const reply = HealthReply.safeParse(body);
  if (!reply.success || (instanceId !== undefined && reply.data.instanceId !== instanceId)) {
    return { state: 'foreign', status: found.status };
  }
  const state = { ok: 'ready', loading: 'loading', stopping: 'stopping' } as const;
  return { state: state[reply.data.status], reply: reply.data };
}
