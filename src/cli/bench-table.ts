import type { BenchReport } from '../bench/report/schema.js';
import type { Metric, Result } from '../bench/report/schema-result.js';
import { benchMessages } from './bench-messages.js';
import { table } from './table.js';

/** One row a model and load level. */
export function benchTable({ targets, client }: BenchReport): string {
  const rows = targets.flatMap((target) =>
    target.results.map((result) => [target.model, target.hw.device, ...levelCells(result)]),
  );
  return [table([...benchMessages.benchHead], rows), ...ownError(client)].join('\n');
}

function levelCells(result: Result): string[] {
  const { metrics, load, goodput, errors, flags, tokens, via } = result;
  const about = tokens.source === 'estimated' ? '~' : '';
  const level = load.kind === 'closed' ? `${load.concurrency} at once` : `${load.request_rate.toFixed(2)}/s`;
  return [
    via === undefined || via === 'engine' ? level : `${level}, ${via}`,
    about + rate(metrics.pp_tps_server ?? metrics.pp_tps_client),
    high(metrics.ttft_sched_ms ?? metrics.ttft_ms),
    about + rate(metrics.decode_tps),
    high(metrics.e2e_sched_ms ?? metrics.e2e_ms),
    about + rate(metrics.out_tps),
    goodput ? `${(goodput.fraction * 100).toFixed(0)} %` : '',
    errors.total === 0 ? '' : String(errors.total),
    flags.join(' '),
  ];
}

/** Mean and half of the interval: `42.1 ±0.8`. */
function rate(metric: Metric | undefined): string {
  if (metric?.mean === undefined) return '';
  const half = metric.ci95 ? ` ±${((metric.ci95[1] - metric.ci95[0]) / 2).toFixed(1)}` : '';
  return `${metric.mean.toFixed(1)}${half}`;
}

/** The middle, and the highest percentile that so many requests can carry. */
function high(metric: Metric | undefined): string {
  const pooled = metric?.pooled;
  if (pooled?.p50 === undefined && pooled?.max === undefined) return '';
  const ms = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
  const middle = pooled.p50 === undefined ? '' : `${ms(pooled.p50)} · `;
  if (pooled.p95 !== undefined) return `${middle}${ms(pooled.p95)}`;
  return pooled.max === undefined ? middle : `${middle}max ${ms(pooled.max)}`;
}

function ownError({ self_test: own }: BenchReport['client']): string[] {
  const { mean, p95 } = own?.ttft_add_ms ?? {};
  if (!own || mean === undefined || p95 === undefined) return [];
  return ['', benchMessages.ownError(mean, p95, own.tpot_err_ms)];
}
