import { metricsOf, type RequestMetrics } from '../trace/metrics.js';
import type { Sent } from './sent.js';

/** A measured request with its figures; null where it failed. */
export interface Judged {
  run: number;
  sent: Sent;
  metrics: RequestMetrics | null;
}

/** The measured requests in the order in which they were sent; what was let go at the end is none. */
export function judge(sent: readonly Sent[]): Judged[] {
  return sent
    .flatMap((one) =>
      one.phase === 'measured' && !one.trace.stopped
        ? [{ run: one.run, sent: one, metrics: metricsOf(one.trace) }]
        : [],
    )
    .sort((a, b) => (a.sent.visit ?? 0) - (b.sent.visit ?? 0) || a.sent.index - b.sent.index);
}

/** Of what is known; undefined when nothing is. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
