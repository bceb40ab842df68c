import { randomUUID } from 'node:crypto';
import { explain } from '../../bench/records/explain.js';
import { keepReport, namingRequests, placeOf } from '../../bench/records/keep.js';
import { rememberReport } from '../../bench/report/last-reports.js';
import type { BenchReport } from '../../bench/report/schema.js';
import { BotllmError } from '../../errors.js';
import { type BaselineOptions, readBaseline, sinceBaseline } from '../bench-baseline.js';
import { dryBench } from '../bench-dry.js';
import { benchMessages } from '../bench-messages.js';
import { withNews } from '../bench-news.js';
import { type BenchOptions, LOAD_OPTIONS, measureSpec } from '../bench-options.js';
import { runBench } from '../bench-run.js';
import { benchWish, MODEL_OPTIONS, type WishOptions } from '../bench-wish.js';
import { compareText } from '../compare-text.js';
import type { CommandSpec } from '../define.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { explainTable } from '../explain-table.js';
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
      description: 'write the report there, too: .json, .md, .csv, .html, or a folder/ with every request',
      parse: parse.name,
    },
    { flags: '--save-detailed', description: 'keep every single request beside a JSON report' },
    {
      flags: '--baseline <file>',
      description: 'say what became faster or slower since this JSON report',
      parse: parse.name,
    },
    {
      flags: '--max-regression <share>',
      description: 'with --baseline: exit 8 when anything is surely slower by more, e.g. 10%',
      parse: parse.share,
    },
    {
      flags: '--emit-progress <file>',
      description: 'append news of the work there, one JSON line each',
      parse: parse.name,
    },
    { flags: '--dry-run', description: 'say what would be measured, and do nothing' },
    { flags: '--explain', description: 'say what other tools would call these figures' },
  ],
  examples: [
    'botllm bench',
    'botllm bench --models gemma-2b,phi3-mini,qwen2.5-3b -o report.html',
    'botllm bench --models phi3-mini --stop-running --quality standard',
    'botllm bench --concurrency 1,2,4,8 --goodput e2el:5000 -o report.json',
    'botllm bench --via engine,client,gateway',
    'botllm bench -o results/ --explain',
    'botllm bench --ci-target 5% --baseline before.json --max-regression 10%',
    'botllm bench --request-rate 0.5,1 --base-url http://10.0.0.5:11434',
  ],
  // A report is for other programs and other people.
  forOthers: ({ output }) => output !== undefined,
  handler: async (ctx, { options }) => {
    const { output, saveDetailed = false, explain: explained = false, dryRun } = options as OutputOptions;
    if (saveDetailed && output === undefined) throw needsPlace();
    const spec = measureSpec(options as BenchOptions, randomUUID().slice(0, 8), ctx.timeoutMs);
    const wish = benchWish(options as WishOptions);
    const baseline = await readBaseline(options as BaselineOptions);
    if (dryRun) return dryBench(ctx, spec, wish);
    const place = output === undefined ? { files: [] } : await placeOf(output, saveDetailed);
    const measured = await withNews(ctx, (options as OutputOptions).emitProgress, (telling) =>
      runBench(telling, spec, wish),
    );
    const report = namingRequests(measured.report, place);
    await keepReport(place, report, measured.lines);
    // For top; a home that takes no file is no reason to lose the report.
    await rememberReport(ctx.layout, report).catch(() => undefined);
    if (output !== undefined) ctx.out.note(benchMessages.reportWritten(output));
    const said = explained ? explain(report, measured.lines) : undefined;
    const compared = baseline && sinceBaseline(ctx, baseline, report);
    return {
      schema: 'bench',
      data: {
        ...report,
        ...(said && { explain: said }),
        ...(compared?.data && { comparison: compared.data }),
      },
      text: (style) =>
        [
          reportTable(report),
          ...(said ? [explainTable(said)] : []),
          ...(compared?.data ? [compareText(compared.data, style)] : []),
        ].join('\n\n'),
      exitCode: exitOf(report, measured.left) || (compared?.exitCode ?? EXIT.ok),
    };
  },
};

interface OutputOptions {
  output?: string;
  saveDetailed?: boolean;
  explain?: boolean;
  emitProgress?: string;
  dryRun?: boolean;
}

function needsPlace(): BotllmError {
  return new BotllmError('USAGE', benchMessages.detailNeedsPlace, {
    hint: benchMessages.detailNeedsPlaceHint,
  });
}

/**
 * A model that could not be measured is in the report, and in the exit code.
 * @param left why the operator's engine does not run again
 */
function exitOf({ interrupted, targets }: BenchReport, left: BotllmError | undefined): number {
  if (interrupted) return EXIT.interrupted;
  if (left) return exitCodeOf(left.code);
  return targets.some(({ failed }) => failed) ? EXIT.failed : EXIT.ok;
}
