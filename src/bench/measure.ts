import { setTimeout as sleep } from 'node:timers/promises';
import type { DialectName } from '../client/dialects/contract.js';
import { BotllmError } from '../errors.js';
import { levelsOf, type MeasuredLevels, type Stayed, staysOf } from './levels.js';
import type { Instrument, Measured } from './load/instrument.js';
import type { LoadPlan, LoadSpec, Workload } from './load/plan.js';
import { messages } from './messages.js';
import type { Slo } from './trace/slo.js';

/** A model that answers somewhere, as the measuring process must know it. */
export interface ServedModel {
  /** Without `/v1` and without a slash at the end. */
  root: string;
  /** The name that the engine serves it under. */
  model: string;
  dialect: DialectName;
  apiKey?: string | undefined;
  /** One that asks this engine, for what is measured through it. */
  gateway?: GatewayPlace | undefined;
}

export interface GatewayPlace {
  /** Without `/v1` and without a slash at the end. */
  root: string;
  apiKey?: string | undefined;
}

/** What is measured, and how often. Times are milliseconds. */
export interface MeasureSpec {
  workload: Workload;
  loads: readonly LoadSpec[];
  via: readonly LoadPlan['via'][];
  runs: number;
  requestsPerRun: number;
  /** A run also ends after this time. */
  runMs?: number | undefined;
  timeoutMs: number;
  /** `cold`: no prompt shares its beginning with another; `warm`: all do. */
  prefix: readonly ('cold' | 'warm')[];
  /** More runs, up to `maxRuns`, until half an interval is within this share of its mean. */
  ciTarget?: number | undefined;
  maxRuns?: number | undefined;
  /** Pause before every level but the first. */
  cooldownMs?: number | undefined;
  /** Levels take turns, there and back (A B B A): what drifts meanwhile meets them alike. */
  interleave?: boolean | undefined;
  extraBody?: LoadPlan['extraBody'];
  /** Answers of exactly the length that is asked for, or none at all. */
  exact?: boolean | undefined;
  seed: number;
  reportId: string;
  slo?: Slo | undefined;
}

export interface MeasureProgress {
  /** What runs now. */
  plan: LoadPlan;
  /** Measured requests of all levels: over, and in all. */
  done: number;
  total: number;
}

/** Requests on their way at which an open loop gives the engine up. */
const MAX_IN_FLIGHT = 256;

/**
 * Measures a model where it is served, load level by load level. After Ctrl-C what was measured until then is given.
 * @param watch.target its place among the report's targets
 * @throws BotllmError `ENGINE_ERROR` when not one request of a level was answered, with what the engine said
 */
export async function measureServed(
  instrument: Instrument,
  served: ServedModel,
  spec: MeasureSpec,
  watch: { signal: AbortSignal; onProgress?: (progress: MeasureProgress) => void; target?: number },
): Promise<MeasuredLevels> {
  const plans = spec.loads.flatMap((load) =>
    spec.via.flatMap((via) => spec.prefix.map((prefix) => planOf(served, spec, { load, via, prefix }))),
  );
  const stays = staysOf(plans, spec.interleave === true);
  const total = stays.reduce((sum, { plan }) => sum + plan.runs * plan.requestsPerRun, 0);
  const seen = new Map<number, Stayed[]>();
  let before = 0;
  for (const [i, { level, plan }] of stays.entries()) {
    if (i > 0 && spec.cooldownMs) {
      await sleep(spec.cooldownMs, undefined, { signal: watch.signal }).catch(() => undefined);
    }
    if (watch.signal.aborted) break;
    const planned = plan.runs * plan.requestsPerRun;
    const measured = await instrument.measure(plan, {
      signal: watch.signal,
      // More runs than planned are none of what is left.
      onProgress: (done) => watch.onProgress?.({ plan, done: before + Math.min(done, planned), total }),
    });
    if (!watch.signal.aborted) refuseSilence(measured, plan);
    before += planned;
    seen.set(level, [...(seen.get(level) ?? []), { plan, measured }]);
  }
  return levelsOf(plans, seen, spec, watch.target ?? 0);
}

/** The plan of a single request in the words of the measurement, to try what the engine can do. */
export function probePlan(served: ServedModel, spec: MeasureSpec): LoadPlan {
  return planOf(served, spec, { load: { kind: 'closed', concurrency: 1 }, via: 'engine', prefix: 'cold' });
}

function planOf(
  served: ServedModel,
  spec: MeasureSpec,
  { load, via, prefix }: { load: LoadSpec; via: LoadPlan['via']; prefix: 'cold' | 'warm' },
): LoadPlan {
  const { workload, runs, maxRuns, ciTarget, requestsPerRun, runMs, timeoutMs, seed, reportId } = spec;
  const { extraBody, exact } = spec;
  const atOnce = load.kind === 'closed' ? load.concurrency : 1;
  const level = load.kind === 'closed' ? atOnce : load.kind === 'open' ? load.requestRate : 'a';
  const { gateway, ...engine } = served;
  return {
    ...engine,
    ...(via === 'gateway' && { ...gateway, dialect: 'openai' as const }),
    via,
    workload,
    load,
    cold: prefix === 'cold',
    warmup: Math.max(2, atOnce),
    runs,
    ...(ciTarget !== undefined && { ciTarget, maxRuns }),
    requestsPerRun,
    ...(runMs !== undefined && { runMs }),
    timeoutMs,
    seed,
    ...(extraBody && { extraBody }),
    ...(exact && { exact }),
    // Each level asks what no other asked.
    reportId: `${reportId}-${via}-${level}${prefix === 'warm' ? '-warm' : ''}`,
    maxInFlight: Math.max(MAX_IN_FLIGHT, atOnce * 2),
  };
}

/** An engine that answers nothing has no figures, and its own words say why. */
function refuseSilence({ sent }: Measured, { root, model }: LoadPlan): void {
  if (sent.some(({ trace }) => trace.failure === undefined && !trace.stopped)) return;
  const failed = sent.find(({ trace }) => trace.failure !== undefined)?.trace;
  const detail = [failed?.failure, failed?.reason].filter((part) => part !== undefined).join(': ');
  const unreachable = failed?.failure === 'refused';
  throw new BotllmError(
    unreachable ? 'ENGINE_UNREACHABLE' : 'ENGINE_ERROR',
    messages.noAnswer(sent.length, model, root),
    { detail: detail || undefined, hint: messages.noAnswerHint },
  );
}
