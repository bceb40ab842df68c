import { median } from 'simple-statistics';
import type { Metric } from '../report/schema-result.js';
import { centreOf } from './interval.js';
import { pooledOf } from './percentiles.js';

/** Digits that are kept of a raw value: a microsecond of a millisecond figure, and nobody measures finer. */
const round = (value: number) => Math.round(value * 1000) / 1000;

/**
 * A figure that each request has, e.g. TTFT: a run's value is the median of its requests.
 * @param samples the requests' values, run by run; a run in which nobody had the figure does not count
 * @returns undefined when nothing was measured
 */
export function metricOfRequests(samples: readonly (readonly number[])[]): Metric | undefined {
  const filled = samples.filter((run) => run.length > 0);
  if (filled.length === 0) return undefined;
  const runs = filled.map((run) => median([...run]));
  const raw = filled.map((run) => run.map(round));
  return { runs, ...centreOf(runs), pooled: pooledOf(filled.flat()), samples: raw };
}

/** A figure that only a whole run has, e.g. tokens per second of all requests together. */
export function metricOfRuns(runs: readonly number[]): Metric | undefined {
  return runs.length === 0 ? undefined : { runs: [...runs], ...centreOf(runs) };
}
