import { outputTokens } from '../trace/metrics.js';
import type { Judged } from './judged.js';
import type { Sent } from './sent.js';

/** The time of a run, in which its load was steady. */
export interface Window {
  from: number;
  to: number;
}

/**
 * A run's time goes from its first request to the first of the next run, for the load never drains between them;
 * the last one's of a visit ends with the visit's last answer.
 */
export function windowsOf(judged: readonly Judged[]): Window[] {
  const visits = new Map<number, Judged[]>();
  for (const one of judged) {
    const visit = one.sent.visit ?? 0;
    const same = visits.get(visit);
    if (same) same.push(one);
    else visits.set(visit, [one]);
  }
  return [...visits.values()].flatMap(windowsOfVisit);
}

function windowsOfVisit(judged: readonly Judged[]): Window[] {
  const starts = new Map<number, number>();
  let end = Number.NEGATIVE_INFINITY;
  for (const { run, sent } of judged) {
    starts.set(run, Math.min(starts.get(run) ?? Number.POSITIVE_INFINITY, sent.trace.sentAt));
    end = Math.max(end, sent.trace.contentAt.at(-1) ?? sent.trace.endAt);
  }
  const from = [...starts.values()].sort((a, b) => a - b);
  return from.map((at, i) => ({ from: at, to: from[i + 1] ?? end }));
}

/**
 * Output tokens per second of all requests together, run by run: what came within the run's time, whichever
 * request it belonged to. Requests that reach over an edge count with the tokens that fell inside.
 */
export function outputRates(sent: readonly Sent[], windows: readonly Window[]): number[] {
  return windows.map(({ from, to }) => {
    const tokens = sent.reduce((sum, { trace }) => {
      const { contentAt } = trace;
      // Of a request that was let go at the end only its events are known.
      const each = trace.stopped ? 1 : outputTokens(trace).tokens / Math.max(1, contentAt.length);
      return sum + each * contentAt.filter((at) => at > from && at <= to).length;
    }, 0);
    return to > from ? (tokens / (to - from)) * 1000 : 0;
  });
}
