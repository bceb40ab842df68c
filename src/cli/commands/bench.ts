import { randomUUID } from 'node:crypto';
import { requireReportPlace, writeReport } from '../../bench/report/write.js';
import { benchMessages } from '../bench-messages.js';
import { type BenchOptions, LOAD_OPTIONS, measureSpec } from '../bench-options.js';
import { runBench } from '../bench-run.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { parse } from '../parse.js';
import { reportTable } from '../report-table.js';

export const bench: CommandSpec = {
  path: 'bench',
  summary: 'measure the speed of the model that is served',
  options: [
    ...LOAD_OPTIONS,
    { flags: '--label <text>', description: 'a name for this report' },
    { flags: '--no-self-test', description: "leave the instrument's own error out of the report" },
    {
      flags: '-o, --output <file>',
      description: 'write the report there, too: .json, .md, .csv or .html',
      parse: parse.name,
    },
  ],
  examples: [
    'botllm bench',
    'botllm bench --concurrency 1,2,4,8 --goodput e2el:5000 -o report.json',
    'botllm bench --via engine,client',
    'botllm bench --request-rate 0.5,1 --base-url http://10.0.0.5:11434',
  ],
  handler: async (ctx, { options }) => {
    const { selfTest, label, output } = options as { selfTest?: boolean; label?: string; output?: string };
    if (output !== undefined) await requireReportPlace(output);
    const spec = measureSpec(options as BenchOptions, randomUUID().slice(0, 8), ctx.timeoutMs);
    const report = await runBench(ctx, spec, { selfTest: selfTest !== false, label });
    if (output !== undefined) {
      await writeReport(output, report);
      ctx.out.note(benchMessages.reportWritten(output));
    }
    const exitCode = report.interrupted ? EXIT.interrupted : EXIT.ok;
    return { schema: 'bench', data: report, text: () => reportTable(report), exitCode };
  },
};
