import type { TokenProbability } from '../prompts/label-confidence.js';
import type { FinishReason, Usage } from '../types.js';

/** An answer as it is shared between callers and kept in the cache: the model's own text, not yet judged. */
export interface Answer {
  text: string;
  finishReason: FinishReason;
  /** Probability of the chosen label; null where there is none to be had. */
  confidence: number | null;
  usage?: Usage;
}

/** An answer fresh from the engine. */
export interface EngineAnswer extends Answer {
  tokens?: readonly TokenProbability[];
}

/** What a flight brought home. */
export interface Landed extends Answer {
  /** Another process asked, and its answer was found in the cache at this age; null: it is fresh. */
  ageMs: number | null;
}
