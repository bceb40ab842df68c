import type { GradedAnswer } from './answers.js';
import { type EvalHooks, evaluateModel } from './evaluate.js';
import { reportOf } from './report.js';
import type { EvalTarget } from './run.js';
import type { TaskScore } from './score.js';
import { QUALITY_TASKS } from './set/cases.js';
import { ownSet } from './set/own-set.js';
import type { Way } from './ways/contract.js';
import { DEFAULT_WAY } from './ways/list.js';

/** What a speed report says of quality: the fields of its schema. */
export interface QualityFigures {
  set: string;
  set_sha256: string;
  way: string;
  n: number;
  usable: { rate: number; ci95: [number, number]; n: number };
  /** Shares from 0 to 1; what was not measured is absent. */
  tasks: Record<string, Record<string, number>>;
}

export interface QualityOptions extends EvalHooks {
  way?: Way | undefined;
  /** At most so many cases of each task; all of them (680) without it. */
  limit?: number | undefined;
  seed?: number | undefined;
}

/**
 * The quality column of a benchmark: our own set, the four tasks, one way of asking.
 * @returns undefined when it was interrupted before every task had an answer
 * @throws BotllmError when nobody answers there, or nobody does any more
 */
export async function qualityOf(
  target: EvalTarget,
  options: QualityOptions,
): Promise<QualityFigures | undefined> {
  const { way = DEFAULT_WAY, limit, seed = 42, ...hooks } = options;
  const set = await ownSet();
  const plan = { set, tasks: QUALITY_TASKS, ways: [way], limit, seed, concurrency: 1 };
  const startedAt = new Date();
  const asked = await evaluateModel(target, plan, hooks);
  const [one] = asked;
  if (one?.failed) throw one.failed;
  const interrupted = hooks.signal.aborted;
  const [row] = reportOf(asked, { set, tasks: QUALITY_TASKS, seed, startedAt, interrupted }).rows;
  if (!row?.usable || row.tasks.length < QUALITY_TASKS.length) return undefined;
  const answers: readonly GradedAnswer[] = one?.answers ?? [];
  return {
    set: set.name,
    set_sha256: set.sha256,
    way: way.name,
    n: answers.length,
    usable: row.usable,
    tasks: Object.fromEntries(row.tasks.map((score) => [score.task, figuresOf(score)])),
  };
}

function figuresOf({ task, right, usable, marks, ...score }: TaskScore): Record<string, number> {
  const named: Record<string, number | undefined> = {
    usable: usable.rate,
    accuracy: task === 'intent' || task === 'validate' ? right.rate : undefined,
    macro_f1: score.macroF1,
    oos_recall: marks.outOfScope?.rate,
    json_strict: marks.jsonStrict?.rate,
    schema_valid: marks.firstAccepted?.rate,
    balanced_acc: score.balancedAccuracy,
    model_balanced_acc: score.modelBalancedAccuracy,
    false_accept: marks.falseAccept?.rate,
    placeholder_ok: marks.placeholdersKept?.rate,
    unique_labels: marks.uniqueLabels?.rate,
  };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
