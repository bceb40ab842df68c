import type { RequestMetrics } from './metrics.js';

/** What a request has to keep, in milliseconds, by the names of `vllm bench serve --goodput`. */
export const SLO_NAMES = ['ttft', 'tpot', 'e2el'] as const;
export type SloName = (typeof SLO_NAMES)[number];
export type Slo = Readonly<Partial<Record<SloName, number>>>;

/** `e2el:5000` or `ttft:1000,tpot:50`; null for what cannot be read. */
export function parseSlo(text: string): Slo | null {
  const slo: Partial<Record<SloName, number>> = {};
  for (const part of text.split(/[\s,]+/).filter((one) => one !== '')) {
    const [name, limit, ...rest] = part.split(':');
    const known = SLO_NAMES.find((one) => one === name);
    const ms = /^\d+(\.\d+)?$/.test(limit ?? '') ? Number(limit) : 0;
    if (!known || ms <= 0 || rest.length > 0 || slo[known] !== undefined) return null;
    slo[known] = ms;
  }
  return Object.keys(slo).length > 0 ? slo : null;
}

/**
 * Whether a request kept everything it had to. Times count from the moment at which it was meant to go out: a late
 * start is no excuse (coordinated omission). A figure that this answer has none of (TPOT of three tokens) is kept;
 * a request that failed, `null`, kept nothing.
 */
export function isGood(metrics: RequestMetrics | null, slo: Slo): boolean {
  if (!metrics) return false;
  const within = (value: number | undefined, limit: number | undefined) =>
    value === undefined || limit === undefined || value <= limit;
  return (
    within(metrics.ttftScheduledMs, slo.ttft) &&
    within(metrics.tpotMs, slo.tpot) &&
    within(metrics.e2eScheduledMs, slo.e2el)
  );
}

export interface Goodput {
  /** Answered, and everything kept. */
  good: number;
  /** All that were sent, failures included. */
  attempted: number;
  /** `good / attempted`; null when none was sent. */
  fraction: number | null;
  perSecond: number | null;
}

/** @param windowMs how long requests were sent */
export function goodput(all: readonly (RequestMetrics | null)[], slo: Slo, windowMs: number): Goodput {
  const good = all.filter((metrics) => isGood(metrics, slo)).length;
  const attempted = all.length;
  return {
    good,
    attempted,
    fraction: attempted === 0 ? null : good / attempted,
    perSecond: windowMs > 0 ? (good / windowMs) * 1000 : null,
  };
}
