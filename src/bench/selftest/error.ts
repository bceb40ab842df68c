import { requestIdOf } from '../load/engine-sender.js';
import type { Sent } from '../load/sent.js';
import { metricsOf } from '../trace/metrics.js';
import type { Script, ServedRecord } from './script.js';

/** Milliseconds over many requests; absent without any. */
export interface Spread {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** How wrong the instrument was, in milliseconds; positive: it saw things later than they were. */
export interface InstrumentError {
  requests: number;
  failed: number;
  /** Measured TTFT minus the script's: what the other parts add up to. */
  ttft?: Spread | undefined;
  /** From the body's hand-over here to the whole request there. */
  way_there?: Spread | undefined;
  /** The synthetic engine's own lateness; no part of the instrument's error. */
  engine_late?: Spread | undefined;
  /** From the first token's hand-over there to its being read here. */
  way_back?: Spread | undefined;
  /** The instrument's own part: way there and way back. */
  own?: Spread | undefined;
  /** Measured TPOT minus the script's. */
  tpot?: Spread | undefined;
  /** Measured decode speed over the script's, minus 1, in percent. */
  decode_percent?: number | undefined;
}

/** Holds what was measured against what the synthetic engine did, request by request. */
export function instrumentError(
  sent: readonly Sent[],
  served: readonly ServedRecord[],
  script: Script,
  reportId: string,
): InstrumentError {
  const records = new Map(served.map((record) => [record.requestId, record]));
  const measured = sent.filter((one) => one.phase === 'measured');
  const pairs = measured.flatMap(({ index, trace }) => {
    const metrics = metricsOf(trace);
    const record = records.get(requestIdOf({ reportId }, index));
    return metrics?.ttftMs !== undefined && record
      ? [{ metrics, trace, record, ttftMs: metrics.ttftMs }]
      : [];
  });
  const tpots = pairs.flatMap(({ metrics }) => (metrics.tpotMs === undefined ? [] : [metrics.tpotMs]));
  const there = pairs.map(({ trace, record }) => record.receivedAt - trace.sentAt);
  const back = pairs.map(({ trace, record }) => (trace.contentAt[0] ?? 0) - record.firstSentAt);
  const speed =
    tpots.length > 0 && script.itlMs > 0 ? mean(tpots.map((tpot) => script.itlMs / tpot)) : undefined;
  return {
    requests: pairs.length,
    failed: measured.length - pairs.length,
    // A request that waited for a slot was due later than the script's TTFT.
    ttft: spread(pairs.map(({ ttftMs, record }) => ttftMs - (record.firstDueAt - record.receivedAt))),
    way_there: spread(there),
    engine_late: spread(pairs.map(({ record }) => record.firstSentAt - record.firstDueAt)),
    way_back: spread(back),
    own: spread(there.map((ms, i) => ms + (back[i] ?? 0))),
    tpot: spread(tpots.map((tpot) => tpot - script.itlMs)),
    decode_percent: speed === undefined ? undefined : (speed - 1) * 100,
  };
}

function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { mean: mean(values), p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
