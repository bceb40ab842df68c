import type { ServedModel } from '../bench/measure.js';
import type { Target } from '../bench/report/schema.js';
import type { Quality } from '../bench/report/schema-quality.js';
import type { Context } from './context.js';
import { tellAnswers } from './eval-progress.js';
import { asBotllmError } from './output.js';
import type { Progress } from './progress.js';

/** At most so many questions of each task; `full` asks them all. */
export const QUALITY_LEVELS = { smoke: 10, standard: 50, full: undefined } as const;
export type QualityLevel = keyof typeof QUALITY_LEVELS;

export interface QualityAsked {
  level: QualityLevel;
  seed: number;
  progress: Progress;
}

/**
 * The quality of a model in the way that bots ask by default, as `botllm eval` finds it: for the report's column.
 * @returns nothing when it was interrupted before every task had an answer
 * @throws BotllmError when nobody answers, or nobody does any more
 */
export async function qualityColumn(
  { signal }: Context,
  { root, model, apiKey }: ServedModel,
  { level, seed, progress }: QualityAsked,
): Promise<Quality[]> {
  const { qualityOf } = await import('../eval/quality.js');
  const target = { id: model, baseUrl: root, model, apiKey };
  const quality = await qualityOf(target, {
    signal,
    seed,
    limit: QUALITY_LEVELS[level],
    onAnswer: tellAnswers(progress),
  });
  return quality ? [quality] : [];
}

/** A measured model with its quality. An engine that dies over the questions takes no speed with it. */
export async function withQuality(
  ctx: Context,
  target: Target,
  served: ServedModel,
  asked: QualityAsked,
): Promise<Target> {
  try {
    return { ...target, quality: await qualityColumn(ctx, served, asked) };
  } catch (thrown) {
    const error = asBotllmError(thrown);
    ctx.out.explain(error);
    const { code, message, detail = message } = error;
    return { ...target, failed: { code, message }, absent: { ...target.absent, quality: detail } };
  }
}
