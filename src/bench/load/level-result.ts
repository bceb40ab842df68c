import type { MetricName } from '../report/metrics.js';
import type { Load, Metric, Result } from '../report/schema-result.js';
import { metricOfRequests, metricOfRuns } from '../statistics/summary.js';
import type { RequestMetrics } from '../trace/metrics.js';
import { goodput, type Slo } from '../trace/slo.js';
import { type Judged, judge, meanOf } from './judged.js';
import { flagsOf } from './level-flags.js';
import { tokensOf } from './level-tokens.js';
import type { LevelFacts } from './plan.js';
import type { LevelRecord } from './run-level.js';
import { outputRates, windowsOf } from './window.js';

/** One value of each request, by its name in a report. */
const OF_REQUEST: Readonly<Partial<Record<MetricName, (metrics: RequestMetrics) => number | undefined>>> = {
  ttft_ms: (m) => m.ttftMs,
  tpot_ms: (m) => m.tpotMs,
  e2e_ms: (m) => m.e2eMs,
  decode_tps: (m) => m.decodeTps,
  e2e_tps: (m) => (m.e2eMs ? (m.outputTokens / m.e2eMs) * 1000 : undefined),
  pp_tps_client: (m) => m.prefillTpsClient,
  pp_tps_server: (m) => m.prefillTpsServer,
};
/** Only where requests have moments of their own: there, lateness is part of what a user meets. */
const OF_SCHEDULE: typeof OF_REQUEST = {
  ttft_sched_ms: (m) => m.ttftScheduledMs,
  e2e_sched_ms: (m) => m.e2eScheduledMs,
  lag_ms: (m) => m.lagMs,
};

/** What a load level is in a report: a pure function of what was recorded, so that it can be found again. */
export function levelResult(plan: LevelFacts, record: LevelRecord, slo: Slo | undefined): Result {
  const judged = judge(record.sent);
  const answered = judged.flatMap(({ metrics }) => (metrics ? [metrics] : []));
  const runs = runsOf(judged);
  const windows = windowsOf(judged);
  const isOpen = plan.load.kind !== 'closed';
  const metrics: Partial<Record<MetricName, Metric>> = {};
  const put = (name: MetricName, metric: Metric | undefined) => {
    if (metric) metrics[name] = metric;
  };
  for (const [name, read] of Object.entries({ ...OF_REQUEST, ...(isOpen ? OF_SCHEDULE : {}) })) {
    const values = runs.map((run) => run.flatMap(({ metrics: m }) => (m && read(m)) ?? []));
    put(name as MetricName, metricOfRequests(values));
  }
  put(
    'gap_ms',
    withoutSamples(metricOfRequests(runs.map((run) => run.flatMap(({ metrics: m }) => m?.gapsMs ?? [])))),
  );
  put('out_tps', metricOfRuns(outputRates(record.sent, windows)));
  const windowMs = windows.reduce((sum, { from, to }) => sum + (to - from), 0);
  const serverTimings = timingsOf(answered, metrics.decode_tps);
  const failures = judged.flatMap(({ sent }) => sent.trace.failure ?? []);
  return {
    workload: workloadName(plan),
    load: loadOf(plan),
    via: plan.via,
    ...(plan.workload.kind === 'synthetic' && { prefix: plan.cold ? ('cold' as const) : ('warm' as const) }),
    phase: {
      warmup: record.sent.filter(({ phase }) => phase === 'warmup').length,
      measured: judged.length,
      seconds: windowMs / 1000,
    },
    tokens: tokensOf(plan, answered),
    metrics,
    ...(serverTimings && { server_timings: serverTimings }),
    ...goodputOf(judged, slo, windowMs),
    event_loop_delay_ms: { ...record.loopDelay },
    errors: { total: failures.length, by: counted(failures) },
    flags: flagsOf(plan, record, judged, runs.length),
    absent: absentOf(plan, metrics),
  };
}

function runsOf(judged: readonly Judged[]): Judged[][] {
  const runs = new Map<number, Judged[]>();
  for (const one of judged) runs.set(one.run, [...(runs.get(one.run) ?? []), one]);
  return [...runs.entries()].sort(([a], [b]) => a - b).map(([, run]) => run);
}

/** A thousand pauses a run would be most of the report; their percentiles are kept. */
function withoutSamples(metric: Metric | undefined): Metric | undefined {
  if (!metric) return undefined;
  const { samples: _, ...rest } = metric;
  return rest;
}

function goodputOf(
  judged: readonly Judged[],
  slo: Slo | undefined,
  windowMs: number,
): Pick<Result, 'goodput'> {
  if (!slo) return {};
  const found = goodput(
    judged.map(({ metrics }) => metrics),
    slo,
    windowMs,
  );
  const { fraction, perSecond, good, attempted } = found;
  if (fraction === null || perSecond === null) return {};
  return { goodput: { slo: { ...slo }, good, attempted, fraction, per_s: perSecond } };
}

function timingsOf(
  answered: readonly RequestMetrics[],
  decode: Metric | undefined,
): Result['server_timings'] {
  const predicted = meanOf(answered.map((m) => m.decodeTpsServer));
  if (predicted === undefined) return undefined;
  const prompt = meanOf(answered.map((m) => m.prefillTpsServer));
  const delta = decode?.mean === undefined ? undefined : (decode.mean / predicted - 1) * 100;
  return {
    predicted_per_second: predicted,
    ...(prompt !== undefined && { prompt_per_second: prompt }),
    ...(delta !== undefined && { delta_pct: delta }),
  };
}

function absentOf(
  { workload, via, load }: LevelFacts,
  metrics: Partial<Record<MetricName, Metric>>,
): Record<string, string> {
  const whole = via === 'client' && workload.kind === 'bot';
  const reasons: Partial<Record<MetricName, string>> = {
    ttft_ms: whole ? 'a task comes in one piece through the client' : 'nothing was answered',
    tpot_ms: whole
      ? 'a task comes in one piece through the client'
      : 'answers of fewer than 9 tokens, or in one event',
    pp_tps_client: 'fewer than 64 tokens of the prompt were new to the engine',
    pp_tps_server: 'the engine does not tell its own times, or the prompt was short or cached',
    ...(load.kind !== 'closed' && { lag_ms: 'nothing was answered' }),
  };
  return Object.fromEntries(
    Object.entries(reasons).filter(([name]) => metrics[name as MetricName] === undefined),
  ) as Record<string, string>;
}

function workloadName({ workload }: LevelFacts): string {
  return workload.kind === 'synthetic' ? 'synthetic' : `bot/${workload.tasks.join('+')}`;
}

function loadOf({ load }: LevelFacts): Load {
  if (load.kind === 'closed') return { kind: 'closed', concurrency: load.concurrency };
  if (load.kind === 'open') return { kind: 'open', request_rate: load.requestRate, arrival: load.arrival };
  const seconds = Math.max(0.001, (load.atMs.at(-1) ?? 0) / 1000);
  return { kind: 'open', request_rate: load.atMs.length / seconds, arrival: 'poisson' };
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
