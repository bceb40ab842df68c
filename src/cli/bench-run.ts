import { recoverBench } from '../bench/lifecycle/journal.js';
import type { MeasureSpec } from '../bench/measure.js';
import type { RequestLine } from '../bench/records/request-line.js';
import type { BenchReport } from '../bench/report/schema.js';
import { chooseModels } from './bench-choose.js';
import { type MeasuredModels, type ModelsWish, measureModels } from './bench-models.js';
import type { QualityLevel } from './bench-quality.js';
import { benchReport } from './bench-report.js';
import { createSession } from './bench-session.js';
import type { Context } from './context.js';
import { journalContext } from './operators-engine.js';

/** How a bench goes about it, beside what it measures. */
export interface BenchWish extends Omit<ModelsWish, 'named'> {
  /** Absent: every downloaded one. */
  models: readonly string[] | undefined;
  selfTest: boolean;
  label: string | undefined;
  /** A gateway that runs already; absent: one is started where one is measured. */
  gatewayUrl: string | undefined;
  /** How many questions of the quality set are asked; absent: none. */
  quality: QualityLevel | undefined;
}

/** Measures the models that are wished, one after the other, and says what is going on meanwhile. */
export async function runBench(
  ctx: Context,
  spec: MeasureSpec,
  wish: BenchWish,
): Promise<{ report: BenchReport; lines: RequestLine[]; left: MeasuredModels['left'] }> {
  const startedAt = new Date();
  const progress = ctx.out.progress();
  await using session = createSession(ctx, spec, progress, wish);
  try {
    await recoverBench(journalContext(ctx));
    const chosen = await chooseModels(ctx, wish.models, {
      progress,
      contained: wish.contained !== undefined,
    });
    const named = { ...wish, named: wish.models !== undefined };
    const how = { wish: named, progress, measure: session.measure };
    const { targets, left } = await measureModels(ctx, chosen, how);
    const { loopDelay, selfTest, lines } = session.found;
    const parts = { startedAt, spec, targets, selfTest, loopDelay, label: wish.label };
    return { report: benchReport(ctx, parts), lines, left };
  } finally {
    progress.done();
  }
}
