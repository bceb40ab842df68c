import { centreOf } from '../statistics/interval.js';
import { metricOfRequests } from '../statistics/summary.js';
import type { RequestMetrics } from '../trace/metrics.js';
import type { Judged } from './judged.js';

/** One of each kind of time: when an answer begins, how it goes on, when it is whole. */
const WATCHED: readonly ((metrics: RequestMetrics) => number | undefined)[] = [
  (m) => m.ttftScheduledMs,
  (m) => m.tpotMs,
  (m) => m.e2eScheduledMs,
];

/**
 * Whether the runs so far tell the figures within `target`: half of each 95 % interval as a share of its mean. A
 * look after every run makes the last interval a little too narrow; it says when to stop, not more than that.
 * @param target undefined: whatever they tell is enough
 */
export function isExactEnough(judged: readonly Judged[], target: number | undefined): boolean {
  if (target === undefined) return true;
  const widths = WATCHED.flatMap((read) => widthOf(judged, read) ?? []);
  return widths.length > 0 && widths.every((width) => width <= target);
}

function widthOf(
  judged: readonly Judged[],
  read: (metrics: RequestMetrics) => number | undefined,
): number | undefined {
  const runs = new Map<number, number[]>();
  for (const { run, metrics } of judged) {
    const value = metrics ? read(metrics) : undefined;
    if (value === undefined) continue;
    const same = runs.get(run);
    if (same) same.push(value);
    else runs.set(run, [value]);
  }
  const metric = metricOfRequests([...runs.values()]);
  if (!metric) return undefined;
  const { mean, ci95 } = centreOf(metric.runs);
  // One run alone has no interval, so it is never exact.
  if (mean === undefined || !ci95 || mean === 0) return Number.POSITIVE_INFINITY;
  return (ci95[1] - ci95[0]) / 2 / Math.abs(mean);
}
