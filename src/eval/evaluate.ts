import type { BotllmError } from '../errors.js';
import type { GradedAnswer } from './answers.js';
import { CONTROLS } from './controls/list.js';
import { controlTransport } from './controls/transport.js';
import type { Asked } from './report.js';
import { askAll, type EvalTarget, inOrder } from './run.js';
import type { EvalCase, QualitySet, TaskName } from './set/cases.js';
import { sample } from './set/sample.js';
import type { Way } from './ways/contract.js';
import { DEFAULT_WAY } from './ways/list.js';

/** What is to be asked of every model alike. */
export interface EvalPlan {
  set: QualitySet;
  tasks: readonly TaskName[];
  ways: readonly Way[];
  /** At most so many cases of each task. */
  limit?: number | undefined;
  seed: number;
  concurrency: number;
  /** Milliseconds that a question may take; as `AskPlan` has it. */
  deadlineMs?: number | undefined;
  /** What the model answered before, way by way: not asked again. */
  had?: ((way: string) => readonly GradedAnswer[]) | undefined;
}

export interface EvalHooks {
  signal: AbortSignal;
  /** Told after each answer: whose row it is in, and how far that row is. */
  onAnswer?:
    | ((news: { model: string; way: string; done: number; planned: number; answer: GradedAnswer }) => void)
    | undefined;
}

/** The cases of a plan, the same for every model and way, so that they can be compared in pairs. */
export function casesOf({ set, tasks, limit, seed }: EvalPlan): EvalCase[] {
  return tasks.flatMap((task) =>
    sample(
      set.cases.filter((one) => one.task === task),
      limit,
      seed,
    ),
  );
}

/**
 * Asks one model in every way of the plan. An interruption, or an engine that dies, leaves what was answered; ways
 * that were not come to have a row without answers.
 * @throws BotllmError when nobody answers there
 */
export async function evaluateModel(target: EvalTarget, plan: EvalPlan, hooks: EvalHooks): Promise<Asked[]> {
  const rows: Asked[] = [];
  let failed: BotllmError | undefined;
  for (const way of plan.ways) {
    const cases = casesOf(plan).filter(({ task }) => way.tasks.includes(task));
    if (cases.length === 0) continue;
    const model = rows[0]?.model ?? target.id ?? target.baseUrl;
    const row: Asked =
      hooks.signal.aborted || failed
        ? {
            ...{ model, way: way.name, control: false, planned: cases.length, failed },
            answers: plan.had?.(way.name) ?? [],
          }
        : await askRow(target, way, cases, plan, hooks);
    failed ??= row.failed;
    rows.push(row);
  }
  if (failed && rows.every(({ answers }) => answers.length === 0)) throw failed;
  return rows;
}

/** What chance and habit reach on the very cases that a model answered: of what was never asked there is no figure. */
export async function evaluateControls(plan: EvalPlan, models: readonly Asked[]): Promise<Asked[]> {
  const answered = new Set(models.flatMap(({ answers }) => answers.map(({ id }) => id)));
  const all = casesOf(plan).filter(({ id }) => answered.has(id));
  const { signal } = new AbortController();
  const rows: Asked[] = [];
  for (const control of CONTROLS) {
    const cases = all.filter(({ task }) => control.tasks.includes(task));
    if (cases.length === 0) continue;
    const target = {
      id: control.id,
      baseUrl: 'http://control.invalid',
      model: control.id,
      transport: controlTransport(control, plan.set),
    };
    const asked = await askRow(target, DEFAULT_WAY, cases, { ...plan, had: undefined }, { signal });
    rows.push({ ...asked, way: '', control: true });
  }
  return rows;
}

async function askRow(
  target: EvalTarget,
  way: Way,
  cases: readonly EvalCase[],
  { set, concurrency, deadlineMs, had }: EvalPlan,
  hooks: EvalHooks,
): Promise<Asked> {
  const before = had?.(way.name) ?? [];
  const known = new Set(before.map(({ id }) => id));
  let done = before.length;
  const answered = await askAll(target, {
    set,
    cases: cases.filter(({ id }) => !known.has(id)),
    way,
    concurrency,
    deadlineMs,
    signal: hooks.signal,
    onAnswer: (answer, model) => {
      done += 1;
      hooks.onAnswer?.({ model, way: way.name, done, planned: cases.length, answer });
    },
  });
  const answers = inOrder([...before, ...answered.answers], cases);
  return { ...answered, answers, way: way.name, control: false, planned: cases.length };
}
