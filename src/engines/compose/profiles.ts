import { CATALOGUE, namedEntry } from '../../models/catalogue.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { SAY } from './messages.js';

export type ProfileName = 'speed' | 'quality';

/** The guide's two recipes. */
const RECIPES = {
  speed: { alias: 'gemma-2b', quantize: 'int4', totalTokens: 4_096 },
  quality: { alias: 'phi3-mini', quantize: 'gptq', totalTokens: 8_192 },
} as const;

/** What the user said; an empty QUANTIZE is said, and an absent one is not. */
export interface Said {
  profile?: ProfileName | undefined;
  model?: ResolvedModel | undefined;
  quantize?: string | undefined;
  totalTokens?: number | undefined;
}

export interface Recipe {
  model: ResolvedModel;
  quantize: string;
  /** Nobody but a profile asked for it. */
  quantizeIsGoal: boolean;
  totalTokens?: number | undefined;
  notices: string[];
}

/** A profile fills in what the user left open; without one, the guide's model as it is published. */
export function recipe(said: Said): Recipe {
  const { profile, quantize, totalTokens } = said;
  if (profile === undefined) {
    const model = said.model ?? known(CATALOGUE.containerAlias ?? CATALOGUE.defaultAlias);
    return { model, quantize: quantize ?? '', quantizeIsGoal: false, totalTokens, notices: [] };
  }
  const goal = RECIPES[profile];
  const parts = [
    ...(said.model === undefined ? [goal.alias] : []),
    ...(quantize === undefined ? [`QUANTIZE=${goal.quantize}`] : []),
    ...(totalTokens === undefined ? [`MAX_BATCH_TOTAL_TOKENS=${goal.totalTokens}`] : []),
  ];
  return {
    model: said.model ?? known(goal.alias),
    quantize: quantize ?? goal.quantize,
    quantizeIsGoal: quantize === undefined,
    totalTokens: totalTokens ?? goal.totalTokens,
    notices: parts.length > 0 ? [SAY.profile(profile, parts.join(', '))] : [],
  };
}

const known = (alias: string): ResolvedModel => ({ kind: 'catalogue', entry: namedEntry(CATALOGUE, alias) });
