import type { GradedAnswer } from './answers.js';
import { CONTROLS } from './controls/list.js';
import { controlTransport } from './controls/transport.js';
import type { Asked } from './report.js';
import { askAll, type EvalTarget } from './run.js';
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
 * Asks one model in every way of the plan. An interruption leaves what was answered.
 * @throws BotllmError when nobody answers there
 */
export async function evaluateModel(target: EvalTarget, plan: EvalPlan, hooks: EvalHooks): Promise<Asked[]> {
  const rows: Asked[] = [];
  for (const way of plan.ways) {
    if (hooks.signal.aborted) break;
    rows.push(await askRow(target, way, plan, hooks));
  }
  return rows.filter(({ planned }) => planned > 0);
}

/** What chance and habit reach on the very same cases. */
export async function evaluateControls(plan: EvalPlan, signal: AbortSignal): Promise<Asked[]> {
  const rows: Asked[] = [];
  for (const control of CONTROLS) {
    const tasks = plan.tasks.filter((task) => control.tasks.includes(task));
    const target = {
      id: control.id,
      baseUrl: 'http://control.invalid',
      model: control.id,
      transport: controlTransport(control, plan.set),
    };
    rows.push({
      ...(await askRow(target, DEFAULT_WAY, { ...plan, tasks }, { signal })),
      way: '',
      control: true,
    });
  }
  return rows.filter(({ planned }) => planned > 0);
}

async function askRow(target: EvalTarget, way: Way, plan: EvalPlan, hooks: EvalHooks): Promise<Asked> {
  const cases = casesOf(plan).filter(({ task }) => way.tasks.includes(task));
  const { set, concurrency } = plan;
  let done = 0;
  const { model, answers } = await askAll(target, {
    set,
    cases,
    way,
    concurrency,
    signal: hooks.signal,
    onAnswer: (answer, model) => {
      done += 1;
      hooks.onAnswer?.({ model, way: way.name, done, planned: cases.length, answer });
    },
  });
  return { model, way: way.name, control: false, planned: cases.length, answers };
}
