import type { EvalCase, QualitySet, TaskName } from '../set/cases.js';

/** Something without a model that answers as one: what a model has to beat. */
export interface Control {
  /** Its name in the report. */
  id: string;
  tasks: readonly TaskName[];
  /** The words that it answers with. */
  answer(one: EvalCase, set: QualitySet): string;
}
