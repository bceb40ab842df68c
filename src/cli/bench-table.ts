import { cellsOf, LEVEL_COLUMNS, levelRows, MODEL_COLUMNS } from '../bench/report/columns.js';
import { headlines } from '../bench/report/headlines.js';
import type { BenchReport } from '../bench/report/schema.js';
import { cell, table } from './table.js';

/** A report for a terminal: the models first, then a row each load level. */
export function benchTable(report: BenchReport): string {
  const { targets } = report;
  const rows = levelRows(targets);
  return [
    ...headlines(report).map(cell),
    '',
    tableOf(MODEL_COLUMNS, targets),
    ...(rows.length > 0 ? ['', tableOf(LEVEL_COLUMNS, rows)] : []),
  ].join('\n');
}

function tableOf<Row>(columns: Parameters<typeof cellsOf<Row>>[0], rows: readonly Row[]): string {
  return table(
    columns.map(({ head }) => head),
    cellsOf(columns, rows).map((row) => row.map(cell)),
  );
}
