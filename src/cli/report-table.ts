import { type Column, cellsOf, LEVEL_COLUMNS, levelRows, MODEL_COLUMNS } from '../bench/report/columns.js';
import { headlines } from '../bench/report/headlines.js';
import type { BenchReport } from '../bench/report/schema.js';
import { reportMessages } from './report-messages.js';
import { printable } from './style.js';
import { table } from './table.js';

/** A report for a terminal: the guide's columns a model, then the loads. */
export function reportTable(report: BenchReport): string {
  const { targets } = report;
  return [
    render(MODEL_COLUMNS, targets),
    render(LEVEL_COLUMNS, levelRows(targets)),
    headlines(report, reportMessages).map(wide).join('\n'),
  ].join('\n\n');
}

function render<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = cellsOf(columns, rows);
  // A column in which nobody has anything tells nothing.
  const kept = columns.map((_, at) => cells.some((row) => row[at] !== '–'));
  const pick = (row: readonly string[]) => row.filter((_, at) => kept[at]);
  return table(
    pick(columns.map(({ head }) => head)),
    cells.map((row) => pick(row.map((text) => wide(text)))),
  );
}

/** A row of its own line whatever a name holds; nothing of it is cut. */
const wide = (text: string) => printable(text).replace(/[\n\t]/g, ' ');
