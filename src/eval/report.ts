import type { MachineFacts, ServedFacts } from '../bench/report/schema.js';
import type { BotllmError } from '../errors.js';
import type { GradedAnswer } from './answers.js';
import { type Comparison, compareRows } from './compare.js';
import { GRADERS } from './graders/grade.js';
import { type Headline, headline } from './headline.js';
import { scoreTask, type TaskScore } from './score.js';
import { QUALITY_TASKS, type QualitySet, TASKS, type TaskName } from './set/cases.js';

/** One model, or control, asked in one way. */
export interface EvalRow {
  model: string;
  way: string;
  /** A control has no model; it says what chance and habit reach. */
  control: boolean;
  /** Mean of the tasks' usable shares; absent where the row has not all of the tasks that were asked for. */
  usable?: Headline | undefined;
  tasks: readonly TaskScore[];
  /** Fewer answers than were planned: it was interrupted, or its engine died. */
  partial: boolean;
  /** How many questions were to be asked. Reports of before have no such count. */
  planned?: number | undefined;
  /** Why the rest was not asked, where it was not an interruption. */
  failed?: { code: string; message: string } | undefined;
}

/** What the answers came from; fields are called as in a report of `bench`. */
export interface Origin {
  botllm: { version: string };
  /** The machine that asked: of an engine that runs here, also the one that computed. */
  client: MachineFacts;
  /** What served each model; `id` is the model of its rows. Where nobody said anything there is none. */
  targets: readonly ServedFacts[];
}

/** What `botllm eval` finds out. Reports of before say nothing of their origin. */
export interface EvalReport extends Partial<Origin> {
  set: { name: string; sha256: string; licence: string; labels: number };
  graders: string;
  seed: number;
  temperature: 0;
  startedAt: string;
  /** When it was gone on with, where it was. */
  resumedAt?: readonly string[] | undefined;
  /** How the questions were put. Reports of before do not say. */
  asking?: { concurrency: number; deadlineMs?: number | undefined } | undefined;
  /** Those that were to be asked. */
  tasks: readonly TaskName[];
  rows: readonly EvalRow[];
  comparisons: readonly Comparison[];
  interrupted: boolean;
  definitions: Readonly<Record<string, string>>;
  /** Every answer of a model, in the order of the rows. */
  answers: readonly (GradedAnswer & { model: string; way: string })[];
}

/** The answers of one row before they are counted. */
export interface Asked {
  model: string;
  way: string;
  control: boolean;
  /** How many questions were planned. */
  planned: number;
  answers: readonly GradedAnswer[];
  /** Why there are no more of them, where it was not an interruption. */
  failed?: BotllmError | undefined;
}

export const DEFINITIONS = {
  right:
    'the bot got what is true by the case (intent, validate), or the model’s own answer passed every check (menu, improve)',
  usable:
    'the model’s first answer, as it came, was right: strict JSON, within the schema and the task’s check, no second question, no stand-in; improve: and not the text as it was',
  headline:
    'mean of the usable shares of the tasks asked; interval by 2,000 seeded bootstrap samples within tasks',
  interval: 'Wilson’s score interval, 95 %',
  valid: 'share of questions to which a valid answer was had after at most one second question',
  macroF1: 'mean over labels of 2·TP ÷ (2·TP + FP + FN)',
  balancedAccuracy:
    'mean of the share of right inputs accepted and of wrong inputs refused; model…: where no format settles it',
  controls: 'asked the questions that at least one row of a model answered, and no others',
  comparison: 'exact McNemar test (binomial, two-sided) over the cases that both rows answered',
} as const;

export interface Frame {
  set: QualitySet;
  /** Those that were to be asked. */
  tasks: readonly TaskName[];
  seed: number;
  startedAt: Date;
  interrupted: boolean;
  origin?: Origin | undefined;
  asking?: EvalReport['asking'];
}

export function reportOf(asked: readonly Asked[], frame: Frame): EvalReport {
  const { set, tasks, seed, startedAt, interrupted, origin, asking } = frame;
  const wanted = QUALITY_TASKS.filter((task) => tasks.includes(task));
  const rows = asked.map((one) => rowOf(one, wanted, seed));
  return {
    set: { name: set.name, sha256: set.sha256, licence: set.licence, labels: set.labels.length },
    graders: GRADERS,
    seed,
    temperature: 0,
    startedAt: startedAt.toISOString(),
    ...(asking && { asking }),
    ...origin,
    tasks: TASKS.filter((task) => tasks.includes(task)),
    rows,
    comparisons: compareRows(asked),
    interrupted,
    definitions: DEFINITIONS,
    answers: asked
      .filter(({ control }) => !control)
      .flatMap(({ model, way, answers }) => answers.map((answer) => ({ model, way, ...answer }))),
  };
}

function rowOf(one: Asked, wanted: readonly TaskName[], seed: number): EvalRow {
  const { model, way, control, planned, answers, failed } = one;
  const tasks = TASKS.map((task) => scoreTask(task, answers)).filter((score) => score !== undefined);
  // A mean over other tasks than its neighbours' would not be comparable.
  const isWhole = wanted.every((task) => tasks.some((score) => score.task === task));
  const counted = answers.filter(({ task }) => wanted.includes(task));
  const usable = isWhole ? headline(counted, seed) : undefined;
  return {
    ...{ model, way, control, ...(usable && { usable }), tasks },
    ...{ partial: answers.length < planned, planned },
    ...(failed && { failed: { code: failed.code, message: failed.message } }),
  };
}
