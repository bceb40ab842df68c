import type { ComparedFigure, Comparison } from '../bench/compare/compare.js';
import { METRICS } from '../bench/report/metrics.js';
import { compareMessages } from './compare-messages.js';
import type { Style } from './style.js';
import { cell, table } from './table.js';

/** What became faster or slower, for a terminal. */
export function compareText(compared: Comparison, style: Style): string {
  const { figures, left, notes, verdict, max_regression: allowed, regressions = 0 } = compared;
  const rows = figures.map((figure) => [
    cell(figure.target),
    cell(figure.level),
    METRICS[figure.metric].title,
    `${round(figure.before)} → ${round(figure.after)} ${METRICS[figure.metric].unit}`,
    changeOf(figure),
    figure.reason === 'few_runs' ? compareMessages.fewRuns : painted(figure, style),
  ]);
  const head = ['model', 'load', 'figure', 'before → after', 'change [95 %]', ''];
  return [
    table(head, rows),
    '',
    compareMessages.compareVerdict(verdict),
    ...(allowed === undefined ? [] : [compareMessages.regressions(regressions, allowed)]),
    ...notes.map((note) => compareMessages.note(cell(note))),
    ...left.map((why) => compareMessages.notCompared(cell(why))),
  ].join('\n');
}

function painted({ verdict, regressed }: ComparedFigure, style: Style): string {
  if (verdict === '~') return verdict;
  const word = regressed ? compareMessages.tooSlow(verdict) : verdict;
  return style.paint(verdict === 'faster' ? 'green' : 'red', word);
}

function changeOf({ ratio, ci95 }: ComparedFigure): string {
  const percent = (value: number) => `${value >= 1 ? '+' : '−'}${Math.abs((value - 1) * 100).toFixed(1)}`;
  return `${percent(ratio)} %${ci95 ? ` [${percent(ci95[0])} … ${percent(ci95[1])}]` : ''}`;
}

const round = (value: number) => Number(value.toPrecision(4)).toString();
