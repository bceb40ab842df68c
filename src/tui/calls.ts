import type { LlmEvent } from '../observability/events.js';

/** One call as its events tell of it; oldest events first. */
export interface Call {
  requestId: string;
  time: string;
  task: string;
  model: string;
  source: 'model' | 'cache' | 'fallback' | 'failed' | 'running';
  latencyMs?: number;
  outputTokens?: number;
  error?: string;
  events: LlmEvent[];
}

const KNOWN = new WeakMap<readonly LlmEvent[], Call[]>();

/** Calls, newest first. Several screens ask for those of the same events, which never change. */
export function callsOf(events: readonly LlmEvent[]): Call[] {
  const known = KNOWN.get(events) ?? putTogether(events);
  KNOWN.set(events, known);
  return known;
}

function putTogether(events: readonly LlmEvent[]): Call[] {
  const calls = new Map<string, Call>();
  for (const event of events) {
    // What a store does belongs to no call.
    if ('store' in event) continue;
    const { requestId, time, task, model } = event;
    const call = calls.get(requestId) ?? { requestId, time, task, model, source: 'running', events: [] };
    calls.set(requestId, call);
    call.events.push(event);
    if ('latencyMs' in event) call.latencyMs = event.latencyMs;
    if ('error' in event) call.error = event.error;
    if (event.event === 'llm_success') {
      call.source = 'model';
      // What was mended on the way is no failure.
      delete call.error;
      if (event.outputTokens !== undefined) call.outputTokens = event.outputTokens;
    } else if (event.event === 'llm_cache_hit') call.source = 'cache';
    else if (event.event === 'llm_error') call.source = 'failed';
    else if (event.event === 'llm_fallback' || event.event === 'llm_disabled') call.source = 'fallback';
    else if (event.event === 'llm_rate_limit_exceeded') {
      call.source = 'failed';
      call.error = 'RATE_LIMIT_EXCEEDED';
    }
  }
  return [...calls.values()].reverse();
}

export interface TaskSummary {
  task: string;
  calls: number;
  hits: number;
  failed: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** What the calls of each task were like; the task with the most first. */
export function tasksOf(calls: readonly Call[]): TaskSummary[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) groups.set(call.task, [...(groups.get(call.task) ?? []), call]);
  return [...groups]
    .map(([task, own]) => {
      const times = own.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
      const [p50Ms, p95Ms] = [rank(times, 0.5), rank(times, 0.95)];
      return {
        task,
        calls: own.length,
        hits: own.filter(({ source }) => source === 'cache').length,
        failed: own.filter(({ source }) => source === 'failed' || source === 'fallback').length,
        ...(p50Ms === undefined || p95Ms === undefined ? {} : { p50Ms, p95Ms }),
      };
    })
    .sort((a, b) => b.calls - a.calls);
}

/** Nearest rank. */
function rank(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}
