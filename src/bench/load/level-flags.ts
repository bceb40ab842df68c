import type { Result } from '../report/schema-result.js';
import { drifts } from '../statistics/stationarity.js';
import type { RequestMetrics } from '../trace/metrics.js';
import { isExactEnough } from './exactness.js';
import { type Judged, meanOf } from './judged.js';
import { shortAnswers } from './level-tokens.js';
import type { LoopDelay } from './loop-delay.js';
import type { LevelFacts } from './plan.js';
import type { LevelRecord } from './run-level.js';

/** With fewer runs an interval is too wide to say much. */
const HONEST_RUNS = 5;

/** What a reader must know beside the figures. */
export function flagsOf(
  plan: LevelFacts,
  { loopDelay, backlog }: LevelRecord,
  judged: readonly Judged[],
  runs: number,
): Result['flags'] {
  const answered = judged.flatMap(({ metrics }) => (metrics ? [metrics] : []));
  const values = (read: (m: RequestMetrics) => number | undefined) => answered.flatMap((m) => read(m) ?? []);
  const told = answered.every(({ cachedTokens }) => cachedTokens !== undefined);
  const isColdPrompt = plan.cold && plan.workload.kind === 'synthetic';
  const flags = {
    drift: drifts(values((m) => m.tpotMs)) || drifts(values((m) => m.ttftMs)),
    client_limited: isClientLimited(loopDelay, meanOf(answered.map(({ tpotMs }) => tpotMs))),
    cache_unverified: isColdPrompt && !told,
    cache_hit: isColdPrompt && answered.some((m) => m.flags.includes('cached')),
    tokens_estimated: answered.some((m) => m.tokenSource === 'chunks'),
    first_chunk_assumed: answered.some((m) => m.flags.includes('first_chunk_assumed')),
    short_answers: shortAnswers(plan, answered) > 0,
    indicative: runs < HONEST_RUNS,
    inexact: !isExactEnough(judged, plan.ciTarget),
    backlog,
    errors: answered.length < judged.length,
  };
  return (Object.keys(flags) as (keyof typeof flags)[]).filter((name) => flags[name]);
}

/** Figures are the client's own where it was later than this. @param tpotMs the engine's time per token, where known */
export function isClientLimited(delay: LoopDelay, tpotMs: number | undefined): boolean {
  return delay.p99 > Math.max(5, tpotMs === undefined ? 0 : tpotMs / 5);
}
