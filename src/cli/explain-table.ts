import type { ExplainedLevel } from '../bench/records/explain.js';
import { numberText } from '../bench/report/cells.js';
import { benchMessages } from './bench-messages.js';
import { cell, table } from './table.js';

/** What other tools would have said, for a terminal. */
export function explainTable(levels: readonly ExplainedLevel[]): string {
  const ms = (value: number | undefined) => (value === undefined ? '–' : numberText(value));
  const rows = levels.flatMap(({ target, level, tools }) =>
    tools.map(({ tool, ttft_ms: ttft, itl_ms: itl, tpot_ms: tpot }, at) => [
      at === 0 ? cell(`${target}, ${level}`) : '',
      tool,
      ms(ttft),
      ms(itl),
      ms(tpot),
    ]),
  );
  return [table([...benchMessages.explainHead], rows), benchMessages.explainNote].join('\n');
}
