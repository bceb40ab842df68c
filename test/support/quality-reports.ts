import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Proportion } from '../../src/eval/proportion.js';
import type { EvalReport, EvalRow } from '../../src/eval/report.js';
import type { TaskName } from '../../src/eval/set/cases.js';

const FOLDER = path.resolve(import.meta.dirname, '../../benchmarks/quality/reports');

/** What `botllm eval -o` wrote of real models, by file name. */
export const QUALITY_REPORTS: ReadonlyMap<string, EvalReport> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { data } = JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8')) as { data: EvalReport };
      return [name, data];
    }),
);

const rows = (task: TaskName) =>
  [...QUALITY_REPORTS.values()].flatMap((report) =>
    report.rows.flatMap((row) => {
      const score = row.tasks.find((one) => one.task === task);
      return score ? [{ row, score, report }] : [];
    }),
  );

export const INTENT_HEAD = [
  'model',
  'way',
  'n',
  'right [95 %]',
  'ru',
  'en',
  'valid',
  're-asked',
  'against `schema`',
];
/** Each way of asking for an intent, the controls below. */
export const INTENT_ROWS: string[][] = rows('intent').map(({ row, score, report }) => [
  row.model,
  row.way,
  String(score.n),
  withInterval(score.right),
  percent(score.byLang.ru),
  percent(score.byLang.en),
  row.control ? '' : percent(score.marks.valid),
  row.control ? '' : percent(score.marks.reasked),
  againstSchema(row, report),
]);

export const TASK_HEAD = ['task', 'model', 'n', 'right [95 %]', 'ru', 'en', 'usable [95 %]', 'valid'];
/** The tasks that one way of asking is enough for, the controls below each. */
export const TASK_ROWS: string[][] = (['validate', 'menu', 'improve'] as const).flatMap((task) =>
  rows(task).map(({ row, score }) => [
    task,
    row.model,
    String(score.n),
    withInterval(score.right),
    percent(score.byLang.ru),
    percent(score.byLang.en),
    withInterval(score.usable),
    row.control ? '' : percent(score.marks.valid),
  ]),
);

function againstSchema({ model, way }: EvalRow, { comparisons }: EvalReport): string {
  const pair = comparisons.find(
    (one) => one.one === `${model} / schema` && one.other === `${model} / ${way}`,
  );
  if (!pair) return '';
  const p = pair.p < 0.001 ? '< 0.001' : pair.p.toFixed(3);
  return `${pair.onlyOther}:${pair.onlyOne}, p ${p}`;
}

function percent(share: Proportion | undefined): string {
  return share ? `${(100 * share.rate).toFixed(0)} %` : '';
}

function withInterval({ rate, ci95: [low, high] }: Proportion): string {
  const whole = (value: number) => (100 * value).toFixed(0);
  return `${whole(rate)} % [${whole(low)}–${whole(high)}]`;
}
