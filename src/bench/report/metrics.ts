/** The figures of one load level, by their name in a report. Times are milliseconds, rates are per second. */
export const METRICS = {
  ttft_ms: { title: 'TTFT', unit: 'ms', better: 'lower' },
  ttft_sched_ms: { title: 'TTFT since due', unit: 'ms', better: 'lower' },
  tpot_ms: { title: 'TPOT', unit: 'ms', better: 'lower' },
  e2e_ms: { title: 'E2E', unit: 'ms', better: 'lower' },
  e2e_sched_ms: { title: 'E2E since due', unit: 'ms', better: 'lower' },
  gap_ms: { title: 'stream gap', unit: 'ms', better: 'lower' },
  decode_tps: { title: 'decode', unit: 'tok/s', better: 'higher' },
  e2e_tps: { title: 'answer speed', unit: 'tok/s', better: 'higher' },
  pp_tps_client: { title: 'prefill (client)', unit: 'tok/s', better: 'higher' },
  pp_tps_server: { title: 'prefill (server)', unit: 'tok/s', better: 'higher' },
  out_tps: { title: 'output in all', unit: 'tok/s', better: 'higher' },
  lag_ms: { title: 'lag of the load', unit: 'ms', better: 'lower' },
} as const satisfies Record<string, MetricFacts>;

export interface MetricFacts {
  title: string;
  unit: 'ms' | 'tok/s';
  better: 'lower' | 'higher';
}

export type MetricName = keyof typeof METRICS;

/** The same names as a list, in the order in which reports print them. */
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
