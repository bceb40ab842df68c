import type { DialectName } from '../client/dialects/contract.js';
import { BotllmError } from '../errors.js';
import type { Instrument, Measured } from './load/instrument.js';
import { levelResult } from './load/level-result.js';
import type { LoopDelay } from './load/loop-delay.js';
import type { LoadPlan, LoadSpec, Workload } from './load/plan.js';
import { messages } from './messages.js';
import { fromLines, type RequestLine, toLines } from './records/request-line.js';
import type { Result } from './report/schema-result.js';
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
  /** No prompt shares its beginning with another. */
  cold: boolean;
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

export interface MeasuredLevels {
  results: Result[];
  /** Every request, as a report keeps it; the figures are made of these, so that they can be made again. */
  lines: RequestLine[];
  /** How late the measuring process itself was, at its worst level. */
  loopDelay: LoopDelay;
  peakRssBytes: number;
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
  const plans = spec.loads.flatMap((load) => spec.via.map((via) => planOf(served, spec, load, via)));
  const perLevel = spec.runs * spec.requestsPerRun;
  const found: MeasuredLevels = { results: [], lines: [], loopDelay: { p99: 0, max: 0 }, peakRssBytes: 0 };
  for (const [i, plan] of plans.entries()) {
    if (watch.signal.aborted) break;
    const measured = await instrument.measure(plan, {
      signal: watch.signal,
      onProgress: (done) =>
        watch.onProgress?.({ plan, done: i * perLevel + done, total: plans.length * perLevel }),
    });
    if (!watch.signal.aborted) refuseSilence(measured, plan);
    const owner = { report: spec.reportId, target: watch.target ?? 0, level: found.results.length };
    const lines = toLines(measured.sent, owner, plan);
    const result = levelResult(plan, { ...measured, sent: fromLines(lines) }, spec.slo);
    if (result.phase.measured > 0) {
      found.results.push(result);
      found.lines.push(...lines);
    }
    found.loopDelay = {
      p99: Math.max(found.loopDelay.p99, measured.loopDelay.p99),
      max: Math.max(found.loopDelay.max, measured.loopDelay.max),
    };
    found.peakRssBytes = Math.max(found.peakRssBytes, measured.peakRssBytes);
  }
  return found;
}

function planOf(served: ServedModel, spec: MeasureSpec, load: LoadSpec, via: LoadPlan['via']): LoadPlan {
  const { workload, runs, requestsPerRun, runMs, timeoutMs, cold, seed, reportId } = spec;
  const atOnce = load.kind === 'closed' ? load.concurrency : 1;
  const { gateway, ...engine } = served;
  return {
    ...engine,
    ...(via === 'gateway' && { ...gateway, dialect: 'openai' as const }),
    via,
    workload,
    load,
    cold,
    warmup: Math.max(2, atOnce),
    runs,
    requestsPerRun,
    ...(runMs !== undefined && { runMs }),
    timeoutMs,
    seed,
    // Each level asks what no other asked.
    reportId: `${reportId}-${via}-${load.kind === 'closed' ? atOnce : load.kind === 'open' ? load.requestRate : 'a'}`,
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
