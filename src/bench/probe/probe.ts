import { median } from 'simple-statistics';
import { createEngineSender } from '../load/engine-sender.js';
import type { LoadPlan } from '../load/plan.js';
import { createPrompts, type Prompts, type Question } from '../load/prompts.js';
import type { CacheProbe } from '../report/schema.js';
import { metricsOf } from '../trace/metrics.js';
import type { RequestTrace } from '../trace/request-trace.js';

/** What a few requests before a measurement tell of an engine. */
export interface Probe {
  /** It wrote so many of the tokens that were asked for, to a question whose answer is one word. */
  exact?: { wanted: number; got: number };
  /** Only of an engine that does not tell what it took from its cache. */
  cache?: CacheProbe;
}

const SHORT = {
  kind: 'chat',
  messages: [{ role: 'user', content: 'Reply with the single word OK, and nothing else.' }],
  maxTokens: 16,
} as const satisfies Question;
const PAIRS = 3;
/** A long prompt on a slow machine: one pair is evidence, too. */
const LONG_MS = 10_000;

/**
 * Tries what the engine can be made to do, and whether a prompt that it has seen comes back sooner. A probe that is
 * refused or interrupted tells nothing, and breaks nothing.
 */
export async function probeEngine(
  plan: LoadPlan,
  { signal, now }: { signal: AbortSignal; now: () => number },
): Promise<Probe> {
  const ask = async (question: Question, prompts: Prompts): Promise<RequestTrace> => {
    // As any bot asks: the engine may take from its cache what it has there.
    const sender = createEngineSender(
      { ...plan, cold: false },
      { ...prompts, question: () => question },
      now,
    );
    try {
      const answered = await sender.send({ phase: 'filler', index: 0 }, now(), signal);
      return answered.trace();
    } finally {
      await sender.close();
    }
  };
  const workload = plan.workload.kind === 'synthetic' ? { ...plan.workload, outputTokens: 4 } : plan.workload;
  const prompts = await createPrompts(workload, { ...plan, reportId: `${plan.reportId}-probe`, cold: true });
  const first = await ask(SHORT, prompts);
  const figures = metricsOf(first);
  if (!figures || workload.kind !== 'synthetic') return {};
  const exact =
    figures.tokenSource === 'chunks' ? {} : { exact: { wanted: SHORT.maxTokens, got: figures.outputTokens } };
  if (figures.cachedTokens !== undefined) return exact;
  const cache = await cacheProbe((index) => ask(prompts.question(index), prompts), now);
  return { ...exact, ...(cache && { cache }) };
}

async function cacheProbe(
  ask: (index: number) => Promise<RequestTrace>,
  now: () => number,
): Promise<CacheProbe | undefined> {
  const begun = now();
  const seen: { first: number; repeat: number }[] = [];
  for (let pair = 0; pair < PAIRS && now() - begun < LONG_MS; pair += 1) {
    const first = metricsOf(await ask(pair))?.ttftMs;
    const repeat = metricsOf(await ask(pair))?.ttftMs;
    if (first === undefined || repeat === undefined) break;
    seen.push({ first, repeat });
  }
  if (seen.length === 0) return undefined;
  return {
    first_ttft_ms: median(seen.map(({ first }) => first)),
    repeat_ttft_ms: median(seen.map(({ repeat }) => repeat)),
    pairs: seen.length,
  };
}
