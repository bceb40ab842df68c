import type { LoopDelay } from '../load/loop-delay.js';
import type { RequestMetrics } from '../trace/metrics.js';
import { type EngineModel, meanOf, topRate } from './engine-model.js';

/**
 * What stands between this engine and more users: one answer alone takes too long; the measuring process was late
 * itself; the engine refuses; answers in a full batch take too long; requests wait for a slot while more at once still
 * brought more; or they wait because it is busy, and makes no more answers a second.
 */
export const LIMITS = ['alone', 'refusals', 'throughput', 'slots', 'sharing', 'client'] as const;
export type Limit = (typeof LIMITS)[number];

export interface LimitFacts {
  model: EngineModel;
  e2eMs: number;
  /** Figures of that probe; null for what failed. */
  probe: readonly (RequestMetrics | null)[];
  loopDelay: LoopDelay;
}

const MANY_REFUSED = 0.02;
const LATE_MS = 20;
/** The last doubling of requests at once brought so many more answers. */
const GROWS = 1.2;

/** Names the first thing to change. */
export function limitOf({ model, e2eMs, probe, loopDelay }: LimitFacts): Limit {
  const refused = probe.filter((metrics) => metrics === null).length;
  if (meanOf(model.aloneMs) > e2eMs) return 'alone';
  if (loopDelay.p99 > LATE_MS) return 'client';
  if (probe.length > 0 && refused / probe.length > MANY_REFUSED) return 'refusals';
  // One answer with every slot busy.
  if ((model.slots / topRate(model)) * 1000 > e2eMs) return 'sharing';
  const [before, last] = model.ladder.slice(-2);
  const stillGrew = before && last && last.atOnce >= model.slots && last.perSecond > before.perSecond * GROWS;
  return stillGrew ? 'slots' : 'throughput';
}
