import type { EvalReport, EvalRow } from './report.js';
import type { TaskName } from './set/cases.js';

/** A share of right answers that must be reached; without a task it is the headline's. */
export interface Threshold {
  task: TaskName | undefined;
  least: number;
}

export interface GateFailure {
  model: string;
  way: string;
  /** `usable` for the headline. */
  task: TaskName | 'usable';
  least: number;
  /** Absent where the row has no such figure, which is a failure, too. */
  got?: number | undefined;
}

/**
 * Every row of a model that is below a threshold, by its point estimate. Controls are never judged, nor is a row that
 * ended early: a verdict over some of the questions is none, and its command fails by what ended it.
 */
export function failures(report: EvalReport, thresholds: readonly Threshold[]): GateFailure[] {
  return report.rows
    .filter(({ control, partial }) => !control && !partial)
    .flatMap((row) =>
      thresholds.flatMap(({ task, least }): GateFailure[] => {
        if (task !== undefined && isOtherTask(row, report, task)) return [];
        const got = task === undefined ? row.usable?.rate : rateOf(row, task);
        if (got !== undefined && got >= least) return [];
        return [{ model: row.model, way: row.way, task: task ?? 'usable', least, got }];
      }),
    );
}

/** A way that puts no such question is not below it; one that nobody was asked in is. */
function isOtherTask(row: EvalRow, { rows }: EvalReport, task: TaskName): boolean {
  const asked = rows.some(
    (other) => !other.control && other.model === row.model && rateOf(other, task) !== undefined,
  );
  return asked && rateOf(row, task) === undefined;
}

function rateOf({ tasks }: EvalRow, task: TaskName): number | undefined {
  return tasks.find((score) => score.task === task)?.right.rate;
}
