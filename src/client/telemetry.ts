import type { BotllmError } from '../errors.js';
import type { EventSink, LlmEvent } from '../observability/events.js';
import type { Metrics } from '../observability/metrics.js';
import { userHash } from '../observability/redact.js';
import type { Usage } from '../types.js';
import type { Call } from './call.js';
import type { Clock } from './clock.js';

type EventBase = 'time' | 'requestId' | 'task' | 'type' | 'model' | 'scope' | 'userHash';
/** An event without what every event carries. */
type EventBody = LlmEvent extends infer E ? (E extends LlmEvent ? Omit<E, EventBase> : never) : never;

export interface Telemetry {
  /** Somebody hears events; else what an event would say need not be found out. */
  readonly isHeard: boolean;
  tell(call: Call, event: EventBody): void;
  /** The call ended well. `usage` only where this very call had the engine count. */
  success(call: Call, info: { cachedAgeMs: number | null; usage: Usage | undefined }): void;
  failure(call: Call, error: BotllmError, fellBack: boolean): void;
  /** The store went away, or came back. */
  storeState(state: 'degraded' | 'recovered', store: string): void;
  /** The store was full and kept an answer not: counted each time, told once a minute. */
  writeSkipped(store: string): void;
  expose(): Promise<string>;
}

export interface TelemetryOptions {
  scope: string;
  clock: Clock;
  onEvent: EventSink | undefined;
  metrics: Metrics;
}

/** A store that is full stays so for a while, and is asked with every call. */
const TELL_AGAIN_MS = 60_000;

/** Metrics and events of calls, by the one set of rules that dashboards and logs rely on. */
export function createTelemetry({ scope, clock, onEvent, metrics }: TelemetryOptions): Telemetry {
  const latency = (call: Call) => Math.max(0, clock.monotonic() - call.startedAt);

  let skipToldAt = Number.NEGATIVE_INFINITY;

  const send = (event: LlmEvent) => {
    try {
      onEvent?.(event);
    } catch {
      // A listener's fault is no reason to fail a call.
    }
  };
  const tell: Telemetry['tell'] = (call, body) => {
    if (!onEvent) return;
    const { requestId, task, type, model, scope, userId } = call;
    const base: Record<string, unknown> = {
      time: new Date(clock.now()).toISOString(),
      requestId,
      task,
      type,
      model,
      scope,
    };
    if (userId !== undefined) {
      // A call is told of more than once; its user is hashed once.
      call.userHash ??= userHash(userId);
      base.userHash = call.userHash;
    }
    // To spread what has many shapes takes V8 twenty times as long.
    send(Object.assign(base, body) as LlmEvent);
  };

  /** What the store does belongs to no call: the ids of one are dashes. */
  const tellOfStore = (
    event: 'llm_store_degraded' | 'llm_store_recovered' | 'llm_cache_write_skipped',
    store: string,
  ) => {
    const none = { requestId: '-', task: '-', type: 'chat_completion', model: '-' } as const;
    send({ event, time: new Date(clock.now()).toISOString(), ...none, scope, store });
  };

  return {
    isHeard: onEvent !== undefined,
    tell,
    success(call, { cachedAgeMs, usage }) {
      const latencyMs = latency(call);
      const cached = cachedAgeMs !== null;
      metrics.record({ type: call.type, model: call.model, latencyMs, cached, ...(usage && { usage }) });
      if (cached) tell(call, { event: 'llm_cache_hit', latencyMs, ageMs: cachedAgeMs });
      else {
        tell(call, {
          event: 'llm_success',
          latencyMs,
          attempts: call.attempts,
          ...(usage && { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens }),
        });
      }
    },
    failure(call, error, fellBack) {
      // Switched off is a state that was asked for, not a failure: it counts nowhere.
      if (error.code === 'DISABLED') {
        tell(call, { event: 'llm_disabled' });
        return;
      }
      const latencyMs = latency(call);
      metrics.record({ type: call.type, model: call.model, latencyMs, cached: false, error: error.code });
      if (error.code === 'RATE_LIMIT_EXCEEDED') {
        tell(call, { event: 'llm_rate_limit_exceeded', retryAfterMs: error.retryAfterMs ?? 0 });
      }
      const status = error.status === undefined ? {} : { status: error.status };
      tell(call, { event: 'llm_error', latencyMs, error: error.code, ...status });
      if (fellBack) tell(call, { event: 'llm_fallback', latencyMs, error: error.code });
    },
    storeState: (state, store) => tellOfStore(`llm_store_${state}`, store),
    writeSkipped(store) {
      metrics.writeSkipped();
      if (clock.monotonic() - skipToldAt < TELL_AGAIN_MS) return;
      skipToldAt = clock.monotonic();
      tellOfStore('llm_cache_write_skipped', store);
    },
    expose: () => metrics.expose(),
  };
}
