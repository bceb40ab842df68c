import { InvalidArgumentError } from 'commander';
import { type ComparedFigure, type Comparison, compareReports } from '../../bench/compare/compare.js';
import { readReport } from '../../bench/compare/read-report.js';
import { METRICS } from '../../bench/report/metrics.js';
import { compareMessages } from '../compare-messages.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import type { Style } from '../style.js';
import { cell, table } from '../table.js';

export const benchCompare: CommandSpec = {
  path: 'bench compare',
  summary: 'say what became faster or slower from one report to another; `~` where nothing can be told',
  arguments: [
    { name: '<before>', description: 'a JSON report of bench' },
    { name: '<after>', description: 'a later one, of the same machine and models' },
  ],
  options: [
    {
      flags: '--max-regression <share>',
      description: 'exit 8 when anything is surely slower by more, e.g. 10%',
      parse: share,
    },
  ],
  examples: [
    'botllm bench compare before.json after.json',
    'botllm bench compare main.json branch.json --max-regression 10% --json',
  ],
  toleratesBadConfig: true,
  handler: async (_ctx, { arguments: [before = '', after = ''], options }) => {
    const { maxRegression } = options as { maxRegression?: number };
    const compared = compareReports(await readReport(before), await readReport(after), { maxRegression });
    return {
      schema: 'bench.compare',
      data: compared,
      text: (style) => describe(compared, style),
      exitCode: (compared.regressions ?? 0) > 0 ? EXIT.gateFailed : EXIT.ok,
    };
  },
};

/** `10%` or `0.1`. */
function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text.trim());
  const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (!(value >= 0 && value <= 10)) throw new InvalidArgumentError(compareMessages.useShare);
  return value;
}

function describe(compared: Comparison, style: Style): string {
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
