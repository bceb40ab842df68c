import { randomUUID } from 'node:crypto';
import type { BenchReport } from '../../bench/report/schema.js';
import { requireReportPlace, writeReport } from '../../bench/report/write.js';
import { benchMessages } from '../bench-messages.js';
import { type BenchOptions, LOAD_OPTIONS, measureSpec } from '../bench-options.js';
import { runBench } from '../bench-run.js';
import { benchWish, MODEL_OPTIONS, type WishOptions } from '../bench-wish.js';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { parse } from '../parse.js';
import { reportTable } from '../report-table.js';

export const bench: CommandSpec = {
  path: 'bench',
  summary: 'measure speed, memory and quality of models: those that are named, or all that are here and fit',
  options: [
    ...MODEL_OPTIONS,
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
    'botllm bench --models gemma-2b,phi3-mini,qwen2.5-3b -o report.html',
    'botllm bench --models phi3-mini --stop-running --quality standard',
    'botllm bench --concurrency 1,2,4,8 --goodput e2el:5000 -o report.json',
    'botllm bench --via engine,client,gateway',
    'botllm bench --request-rate 0.5,1 --base-url http://10.0.0.5:11434',
  ],
  handler: async (ctx, { options }) => {
    const { output } = options as { output?: string };
    if (output !== undefined) await requireReportPlace(output);
    const spec = measureSpec(options as BenchOptions, randomUUID().slice(0, 8), ctx.timeoutMs);
    const report = await runBench(ctx, spec, benchWish(options as WishOptions));
    if (output !== undefined) {
      await writeReport(output, report);
      ctx.out.note(benchMessages.reportWritten(output));
    }
    const exitCode = exitOf(report);
    return { schema: 'bench', data: report, text: () => reportTable(report), exitCode };
  },
};

/** A model that could not be measured is in the report, and in the exit code. */
function exitOf({ interrupted, targets }: BenchReport): number {
  if (interrupted) return EXIT.interrupted;
  return targets.some(({ failed }) => failed) ? EXIT.failed : EXIT.ok;
}
