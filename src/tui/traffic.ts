import { quantile } from '../observability/samples.js';
import { type Counts, since } from './counts.js';

/** Calls as the counters tell of them. `perMinute` and the quantiles are of the last minute, or since `top` began. */
export interface Traffic {
  /** In all, since the processes that count began. */
  calls: number;
  failed: number;
  hits: number;
  inputTokens: number;
  outputTokens: number;
  inFlight: number;
  queued: number;
  /** Absent until counters were read twice. */
  recent?: {
    seconds: number;
    perMinute: number;
    /** 0 to 1; absent without calls. */
    hitShare?: number;
    failedShare?: number;
    outputTokensPerSecond: number;
    p50Ms?: number;
    p95Ms?: number;
    errors: Record<string, number>;
    /** Calls of each look, oldest first. */
    history: number[];
  };
}

const WINDOW_MS = 60_000;

/** Remembers a minute of counters. */
export class TrafficWindow {
  private seen: { at: number; counts: Counts }[] = [];

  add(at: number, counts: Counts): Traffic {
    const last = this.seen.at(-1);
    // A process that began anew counts from nothing: what went before says nothing any more.
    if (last && since(counts, last.counts) === null) this.seen = [];
    this.seen.push({ at, counts });
    while (this.seen.length > 1 && (this.seen[0]?.at ?? at) < at - WINDOW_MS) this.seen.shift();
    const { success, failed, hits, inputTokens, outputTokens, inFlight, queued } = counts;
    const all = { calls: success + failed, failed, hits, inputTokens, outputTokens, inFlight, queued };
    const recent = this.recent();
    return { ...all, ...(recent ? { recent } : {}) };
  }

  private recent(): Traffic['recent'] {
    const [first] = this.seen;
    const last = this.seen.at(-1);
    if (!first || !last || last.at <= first.at) return undefined;
    const difference = since(last.counts, first.counts);
    if (!difference) return undefined;
    const seconds = (last.at - first.at) / 1000;
    const calls = difference.success + difference.failed;
    const buckets = [...difference.buckets].sort(([a], [b]) => a - b);
    const [p50Ms, p95Ms] = [quantile(buckets, 0.5), quantile(buckets, 0.95)];
    return {
      seconds,
      perMinute: (calls / seconds) * 60,
      outputTokensPerSecond: difference.outputTokens / seconds,
      errors: Object.fromEntries(Object.entries(difference.errors).filter(([, value]) => value > 0)),
      history: this.seen.slice(1).map(({ counts }, i) => {
        const before = this.seen[i]?.counts ?? counts;
        return counts.success + counts.failed - before.success - before.failed;
      }),
      ...(calls > 0 ? { hitShare: difference.hits / calls, failedShare: difference.failed / calls } : {}),
      ...(p50Ms === undefined || p95Ms === undefined ? {} : { p50Ms, p95Ms }),
    };
  }
}
