import { describe, expect, test } from 'vitest';
import { compareRows } from '../../src/eval/compare.js';
import { GRADERS } from '../../src/eval/graders/grade.js';
import { share } from '../../src/eval/proportion.js';
import type { EvalReport } from '../../src/eval/report.js';
import { DEFAULT_WAY, WAYS } from '../../src/eval/ways/list.js';
import { CATALOGUE, findEntry } from '../../src/models/catalogue.js';
import { QUALITY_REPORTS } from '../support/quality-reports.js';
import { SET } from './engines.js';

const FILES = [...QUALITY_REPORTS];
const modelRows = ({ rows }: EvalReport) => rows.filter(({ control }) => !control);
const asked = ({ rows, answers }: EvalReport) =>
  rows.map(({ failed: _, ...row }) => {
    const own = answers.filter(({ model, way }) => model === row.model && way === row.way);
    return { ...row, planned: own.length, answers: own };
  });

describe.each(FILES)('the report %s', (name, report) => {
  test('is of this set, of these graders and of a model that botllm knows', () => {
    expect([report.set.sha256, report.graders]).toEqual([SET.sha256, GRADERS]);
    const cases = new Map(SET.cases.map((one) => [one.id, one.task]));
    expect(report.answers.filter(({ id, task }) => cases.get(id) !== task)).toEqual([]);
    for (const { model, way } of modelRows(report)) {
      expect([findEntry(CATALOGUE, model)?.alias, WAYS.map((one) => one.name)]).toEqual([
        model,
        expect.arrayContaining([way]),
      ]);
      expect(name.startsWith(`${model}.`)).toBe(true);
    }
  });

  test('says what its answers say: shares, intervals and pairs', () => {
    for (const { tasks, answers } of asked(report).filter(({ control }) => !control)) {
      for (const { task, right, n } of tasks) {
        const own = answers.filter((one) => one.task === task);
        const { rate, ci95, hits } = share(own.map((one) => one.right)) ?? {
          rate: -1,
          ci95: [-1, -1],
          hits: -1,
        };
        expect([n, right.hits]).toEqual([own.length, hits]);
        expect([right.rate, ...right.ci95]).toEqual([rate, ...ci95].map((value) => expect.closeTo(value, 5)));
      }
    }
    expect(report.comparisons).toEqual(
      compareRows(asked(report)).map((pair) => ({ ...pair, p: expect.closeTo(pair.p, 5) })),
    );
  });
});

test('no entry of the catalogue names a way, because no report shows one that is surely better than the schema', () => {
  // So many ways have a try against the default; by chance alone one of them would win sooner than one.
  const least = 0.05 / (WAYS.length - 1);
  const better = FILES.flatMap(([name, { comparisons }]) =>
    comparisons
      .filter(({ one, onlyOne, onlyOther, p }) => {
        return one.endsWith(` / ${DEFAULT_WAY.name}`) && onlyOther > onlyOne && p < least;
      })
      .map(({ other }) => `${name}: ${other}`),
  );
  expect(better).toEqual([]);
  // The day a report shows one, the entry says so here, and the client asks so.
  expect(CATALOGUE.entries.filter((entry) => 'way' in entry || 'ways' in entry)).toEqual([]);
});
