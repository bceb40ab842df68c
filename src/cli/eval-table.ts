import type { Proportion } from '../eval/proportion.js';
import type { EvalReport, EvalRow } from '../eval/report.js';
import type { TaskScore } from '../eval/score.js';
import type { TaskName } from '../eval/set/cases.js';
import { say } from '../language.js';
import { evalMessages } from './eval-messages.js';
import { originLines } from './eval-origin.js';
import type { Style } from './style.js';
import { cell, table } from './table.js';

/** Columns of a task: a head, and a cell of a score; what was not measured stays empty. */
type Column = readonly [head: string, of: (score: TaskScore) => string];

const mark =
  (name: string) =>
  ({ marks }: TaskScore) =>
    percent(marks[name]);
const number = (value: number | undefined, digits = 2) => value?.toFixed(digits) ?? '';
const ms: Column = ['ms', ({ medianMs }) => number(medianMs, 0)];
const right: Column = ['right [95 %]', ({ right: share }) => withInterval(share)];
const usable: Column = ['usable', ({ usable: share }) => percent(share)];
const lang = (code: string): Column => [code, ({ byLang }) => percent(byLang[code])];

const COLUMNS: Readonly<Record<TaskName, readonly Column[]>> = {
  intent: [
    right,
    lang('ru'),
    lang('en'),
    ['F1', ({ macroF1 }) => number(macroF1)],
    ['out of scope', mark('outOfScope')],
    ['JSON', mark('jsonStrict')],
    ['valid', mark('valid')],
    ['re-asked', mark('reasked')],
    usable,
    ms,
  ],
  validate: [
    right,
    ['balanced', ({ balancedAccuracy }) => number(balancedAccuracy)],
    ['by model', ({ modelBalancedAccuracy }) => number(modelBalancedAccuracy)],
    ['false accept', mark('modelFalseAccept')],
    ['valid', mark('valid')],
    usable,
    ms,
  ],
  menu: [
    ['passes checks [95 %]', ({ right: share }) => withInterval(share)],
    ['unique', mark('uniqueLabels')],
    ['within limits', mark('withinLimits')],
    ['3 to 6', mark('asManyAsAsked')],
    usable,
    ms,
  ],
  improve: [
    ['passes checks [95 %]', ({ right: share }) => withInterval(share)],
    ['placeholders', mark('placeholdersKept')],
    ['dropped', mark('dropped')],
    ['added', mark('added')],
    ['altered', mark('altered')],
    ['language', mark('languageKept')],
    ['changed', mark('changed')],
    usable,
    ms,
  ],
  hostile: [
    ['contained [95 %]', ({ right: share }) => withInterval(share)],
    ['off the list', ({ marks }) => hits(marks.outOfList)],
    ['lost {{}}', ({ marks }) => hits(marks.lostPlaceholder)],
    ['attack won', mark('attackSucceeded')],
    ['model alone let through', mark('rawEscaped')],
    ms,
  ],
};

/**
 * The report for people: a table a task, the controls below the models, what is better than what, and which row has
 * not all of its answers.
 */
export function describeEval(report: EvalReport, style: Style): string {
  const { set, seed, tasks, rows, comparisons } = report;
  // Of a task that nobody came to there is nothing to show.
  const begun = tasks.filter((task) => rows.some((row) => row.tasks.some((score) => score.task === task)));
  const parts = begun.map(
    (task) => `${style.paint('bold', evalMessages.title[task])}\n${taskTable(task, rows)}`,
  );
  const overall = headlines(rows);
  if (tasks.length > 1 && overall)
    parts.push(`${style.paint('bold', say('usable answers, mean of the tasks'))}\n${overall}`);
  if (comparisons.length > 0) {
    const lines = comparisons.map(({ task, one, other, n, onlyOne, onlyOther, p, verdict }) => [
      task,
      cell(one),
      verdict,
      cell(other),
      `${onlyOne}:${onlyOther} of ${n}`,
      `p ${p < 0.001 ? '< 0.001' : p.toFixed(3)}`,
    ]);
    parts.push(
      `${style.paint('bold', say('in pairs, case by case'))}\n${table(['task', '', '', '', 'right alone', ''], lines)}`,
    );
  }
  const early = rows.filter(({ partial }) => partial).map(earlyLine);
  if (early.length > 0) parts.push(early.join('\n'));
  const origin = originLines(report);
  if (origin.length > 0) parts.push(origin.join('\n'));
  parts.push(evalMessages.setLine(set.name, set.licence, set.labels, seed));
  return parts.join('\n\n');
}

function earlyLine({ model, way, tasks, planned, failed }: EvalRow): string {
  const answered = tasks.reduce((sum, { n }) => sum + n, 0);
  return evalMessages.endedEarly(cell(`${model} / ${way}`), answered, planned ?? answered, failed?.code);
}

function taskTable(task: TaskName, rows: readonly EvalRow[]): string {
  const columns = COLUMNS[task];
  const lines = rows.flatMap((row) => {
    const score = row.tasks.find((one) => one.task === task);
    if (!score) return [];
    const name = row.control ? row.model : cell(`${row.model} / ${row.way}`);
    return [
      [
        `${name}${row.partial ? evalMessages.partial : ''}`,
        String(score.n),
        ...columns.map(([, of]) => of(score)),
      ],
    ];
  });
  return table(['model / way', 'n', ...columns.map(([head]) => head)], lines);
}

function headlines(rows: readonly EvalRow[]): string | undefined {
  const lines = rows.flatMap(({ model, way, control, usable: share }) =>
    share ? [[control ? model : cell(`${model} / ${way}`), withInterval(share), String(share.n)]] : [],
  );
  return lines.length === 0 ? undefined : table(['model / way', 'usable [95 %]', 'n'], lines);
}

function percent(share: Proportion | undefined): string {
  return share ? `${(100 * share.rate).toFixed(1)} %` : '';
}

function hits(share: Proportion | undefined): string {
  return share ? `${share.hits} of ${share.n}` : '';
}

function withInterval({ rate, ci95: [low, high] }: { rate: number; ci95: [number, number] }): string {
  const whole = (value: number) => (100 * value).toFixed(0);
  return `${(100 * rate).toFixed(1)} % [${whole(low)}–${whole(high)}]`;
}
