import { METRICS, type MetricName } from '../report/metrics.js';
import type { BenchReport } from '../report/schema.js';
import {
  type BootstrapOptions,
  type FigureChange,
  figureChange,
  surelySlowerBy,
  type Verdict,
} from './figure.js';
import { pairUp } from './pair.js';

/**
 * The figures that a verdict is given on, one of each kind of time and the rate of all together. The others
 * follow from these (decode is 1000 / TPOT) or say how the load went, and would only be more chances to err.
 */
const JUDGED: readonly MetricName[] = ['ttft_ms', 'tpot_ms', 'e2e_ms', 'out_tps', 'pp_tps_server'];

export interface ComparedFigure extends FigureChange {
  target: string;
  level: string;
  metric: MetricName;
  /** Surely slower than is allowed: the whole interval lies beyond it. Absent without `maxRegression`. */
  regressed?: boolean;
}

export interface Side {
  report_id: string;
  started_at: string;
  botllm: string;
  label?: string;
}

export interface Comparison {
  before: Side;
  after: Side;
  /** Of all figures: `mixed` when some are faster and some slower. */
  verdict: Verdict | 'mixed';
  figures: ComparedFigure[];
  /** What was not compared, and why. */
  left: string[];
  notes: string[];
  /** A share: 0.1 is 10 %. */
  max_regression?: number;
  regressions?: number;
}

export interface CompareOptions {
  /** How much slower is still allowed, as a share. */
  maxRegression?: number | undefined;
  bootstrap?: BootstrapOptions | undefined;
}

/** @throws BotllmError `USAGE` when the reports cannot be compared */
export function compareReports(
  before: BenchReport,
  after: BenchReport,
  { maxRegression, bootstrap }: CompareOptions = {},
): Comparison {
  const { pairs, left, notes } = pairUp(before, after);
  const figures = pairs.flatMap(({ target, level, before: one, after: other }) =>
    JUDGED.flatMap((metric): ComparedFigure[] => {
      const [from, to] = [one.metrics[metric], other.metrics[metric]];
      const { better } = METRICS[metric];
      const change = from && to && figureChange(from, to, better, bootstrap);
      if (!change) return [];
      const figure = { target, level, metric, ...change };
      if (maxRegression === undefined) return [figure];
      const slower = change.verdict === 'slower' ? surelySlowerBy(change, better) : undefined;
      return [{ ...figure, regressed: slower !== undefined && slower > maxRegression }];
    }),
  );
  return {
    before: sideOf(before),
    after: sideOf(after),
    verdict: overall(figures),
    figures,
    left,
    notes,
    ...(maxRegression === undefined
      ? {}
      : { max_regression: maxRegression, regressions: figures.filter(({ regressed }) => regressed).length }),
  };
}

function sideOf({ report_id, started_at, botllm, label }: BenchReport): Side {
  return { report_id, started_at, botllm: botllm.version, ...(label === undefined ? {} : { label }) };
}

function overall(figures: readonly ComparedFigure[]): Comparison['verdict'] {
  const has = (wanted: Verdict) => figures.some(({ verdict }) => verdict === wanted);
  if (has('faster') && has('slower')) return 'mixed';
  return has('faster') ? 'faster' : has('slower') ? 'slower' : '~';
}
