import type { Result } from '../report/schema-result.js';
import type { RequestMetrics, TokenSource } from '../trace/metrics.js';
import { meanOf } from './judged.js';
import type { LevelFacts } from './plan.js';

const SOURCE = {
  usage: 'usage',
  token_ids: 'token_ids',
  tokenize: 'tokenize',
  chunks: 'estimated',
} as const;
/** From the best to the worst; a level is as good as its worst request. */
const ORDER: readonly TokenSource[] = ['usage', 'token_ids', 'tokenize', 'chunks'];

/** What was asked and answered, counted. */
export function tokensOf(plan: LevelFacts, answered: readonly RequestMetrics[]): Result['tokens'] {
  const worst = answered.reduce((most, { tokenSource }) => Math.max(most, ORDER.indexOf(tokenSource)), 0);
  const prompts = answered.flatMap(({ promptTokens }) => promptTokens ?? []);
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const told = answered.filter(({ cachedTokens }) => cachedTokens !== undefined);
  const promptMean = meanOf(answered.map(({ promptTokens }) => promptTokens));
  const outMean = meanOf(answered.map(({ outputTokens }) => outputTokens));
  const chunks = meanOf(answered.map(({ chunksPerToken }) => chunksPerToken));
  const finish: Record<string, number> = {};
  for (const { finish: how } of answered) finish[how ?? 'unknown'] = (finish[how ?? 'unknown'] ?? 0) + 1;
  return {
    source: SOURCE[ORDER[worst] ?? 'chunks'],
    ...(promptMean !== undefined && { prompt_mean: promptMean }),
    ...(told.length > 0 &&
      sum(prompts) > 0 && {
        cached_share: sum(told.map(({ cachedTokens }) => cachedTokens ?? 0)) / sum(prompts),
      }),
    cache_verified: answered.length > 0 && told.length === answered.length,
    ...(outMean !== undefined && { out_mean: outMean }),
    ...(chunks !== undefined && { chunks_per_token: chunks }),
    finish,
    ...(plan.workload.kind === 'synthetic' && { short: shortAnswers(plan, answered) }),
  };
}

/** Answers that ended by themselves before the length that was asked for. */
export function shortAnswers({ workload }: LevelFacts, answered: readonly RequestMetrics[]): number {
  if (workload.kind !== 'synthetic') return 0;
  return answered.filter(({ outputTokens }) => outputTokens < workload.outputTokens).length;
}
