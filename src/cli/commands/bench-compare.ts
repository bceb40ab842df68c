import { compareReports } from '../../bench/compare/compare.js';
import { readReport } from '../../bench/compare/read-report.js';
import { compareText } from '../compare-text.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { parse } from '../parse.js';

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
      parse: parse.share,
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
      text: (style) => compareText(compared, style),
      exitCode: (compared.regressions ?? 0) > 0 ? EXIT.gateFailed : EXIT.ok,
    };
  },
};
