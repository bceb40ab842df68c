import { type Comparison, compareReports } from '../bench/compare/compare.js';
import { readReport } from '../bench/compare/read-report.js';
import type { BenchReport } from '../bench/report/schema.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import type { Context } from './context.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { asBotllmError } from './output.js';

export interface BaselineOptions {
  baseline?: string;
  maxRegression?: number;
}

export interface Baseline {
  report: BenchReport;
  maxRegression: number | undefined;
}

/**
 * The report to compare with, read before an hour of measuring.
 * @throws BotllmError `USAGE` when it is none
 */
export async function readBaseline(options: BaselineOptions): Promise<Baseline | undefined> {
  const { baseline, maxRegression } = options;
  if (baseline === undefined && maxRegression !== undefined) {
    throw new BotllmError('USAGE', benchMessages.regressionAlone, {
      hint: benchMessages.regressionAloneHint,
    });
  }
  return baseline === undefined ? undefined : { report: await readReport(baseline), maxRegression };
}

/** What changed since then. What cannot be compared fails the gate, and takes nothing from what was measured. */
export function sinceBaseline(
  { out }: Context,
  { report: before, maxRegression }: Baseline,
  after: BenchReport,
): { data?: Comparison; exitCode: number } {
  try {
    const data = compareReports(before, after, { maxRegression });
    return { data, exitCode: (data.regressions ?? 0) > 0 ? EXIT.gateFailed : EXIT.ok };
  } catch (thrown) {
    const error = asBotllmError(thrown);
    out.explain(error);
    return { exitCode: exitCodeOf(error.code) };
  }
}
