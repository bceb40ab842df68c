import { type Column, cellsOf, LEVEL_COLUMNS, levelRows, MODEL_COLUMNS } from './columns.js';
import { headlines } from './headlines.js';
import type { BenchReport } from './schema.js';

/** The report as Markdown tables. Nothing in it can be markup that somebody else wrote. */
export function markdownReport(report: BenchReport): string {
  const { targets, definitions } = report;
  const lines = [
    '# botllm bench',
    '',
    ...headlines(report).map((line) => `- ${escaped(line)}`),
    '',
    ...tableLines(MODEL_COLUMNS, targets),
    '',
    ...tableLines(LEVEL_COLUMNS, levelRows(targets)),
    '',
    '## Definitions',
    '',
    ...Object.entries(definitions).map(([name, text]) => `- ${escaped(name)}: ${escaped(text)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map(() => '---')),
    ...cellsOf(columns, rows).map((cells) => line(cells.map(escaped))),
  ];
}

/** One line of plain text: characters that Markdown or HTML would read are taken from them. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|#~!]/g, '\\$&');
}
