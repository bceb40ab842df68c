import type { ServedModel } from '../bench/measure.js';
import type { Quality } from '../bench/report/schema-quality.js';
import type { EvalReport, EvalRow } from '../eval/report.js';
import type { Context } from './context.js';
import { evalMessages } from './eval-messages.js';
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
 * @throws BotllmError when nobody answers
 */
export async function qualityOf(
  { signal }: Context,
  { root, model, apiKey }: ServedModel,
  { level, seed, progress }: QualityAsked,
): Promise<Quality[]> {
  const [{ evaluateModel }, { reportOf }, { ownSet }, { DEFAULT_WAY }, { QUALITY_TASKS }] = await Promise.all(
    [
      import('../eval/evaluate.js'),
      import('../eval/report.js'),
      import('../eval/set/own-set.js'),
      import('../eval/ways/list.js'),
      import('../eval/set/cases.js'),
    ],
  );
  const set = await ownSet();
  const limit = QUALITY_LEVELS[level];
  const plan = { set, tasks: QUALITY_TASKS, ways: [DEFAULT_WAY], limit, seed, concurrency: 1 };
  const target = { id: model, baseUrl: root, model, apiKey };
  const rows = await evaluateModel(target, plan, {
    signal,
    onAnswer: ({ way, done, planned }) =>
      progress.step(evalMessages.progress(model, way, done, planned), done / planned),
  });
  return qualityRows(reportOf(rows, { set, seed, startedAt: new Date(), interrupted: signal.aborted }));
}

/** The rows of an evaluation as a bench report has them; controls are no models. */
export function qualityRows({ set, rows }: Pick<EvalReport, 'set' | 'rows'>): Quality[] {
  return rows.flatMap((row) => {
    const { usable, way, control } = row;
    if (control || !usable) return [];
    return [{ set: set.name, set_sha256: set.sha256, way, n: usable.n, usable, tasks: tasksOf(row) }];
  });
}

/** Shares by task; the names of its marks as the evaluation has them. */
function tasksOf({ tasks }: EvalRow): Quality['tasks'] {
  return Object.fromEntries(
    tasks.map(({ task, right, usable, marks, macroF1, balancedAccuracy }) => {
      const shares = Object.entries(marks).map(([name, { rate }]) => [name, rate] as const);
      return [
        task,
        {
          right: right.rate,
          usable: usable.rate,
          ...(macroF1 === undefined ? {} : { macroF1 }),
          ...(balancedAccuracy === undefined ? {} : { balancedAccuracy }),
          ...Object.fromEntries(shares),
        },
      ];
    }),
  );
}
