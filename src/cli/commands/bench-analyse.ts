import { isDeepStrictEqual } from 'node:util';
import { analyse } from '../../bench/records/analyse.js';
import { explain } from '../../bench/records/explain.js';
import { readRecorded } from '../../bench/records/read-recorded.js';
import { requireReportPlace, writeReport } from '../../bench/report/write.js';
import { benchMessages } from '../bench-messages.js';
import { type AnalyseOptions, analysedCapacity } from '../capacity-analysed.js';
import type { CommandSpec } from '../define.js';
import { explainTable } from '../explain-table.js';
import { parse } from '../parse.js';
import { reportTable } from '../report-table.js';

export const benchAnalyse: CommandSpec = {
  path: 'bench analyse',
  summary:
    'make a report or a capacity again from its single requests, with other limits or for other readers',
  arguments: [
    {
      name: '<file>',
      description: 'the folder of `bench -o folder/`, its report, a capacity, or the requests of either',
    },
  ],
  options: [
    {
      flags: '--goodput <limits>',
      description: 'share of requests within other limits, e.g. e2el:3000',
      parse: parse.slo,
    },
    { flags: '--explain', description: 'say what other tools would call these figures' },
    {
      flags: '-o, --output <file>',
      description: 'write the report there: .json, .md, .csv or .html',
      parse: parse.name,
    },
  ],
  examples: [
    'botllm bench analyse results/',
    'botllm bench analyse results/ --goodput e2el:3000 -o stricter.html',
    'botllm bench analyse results/ --explain',
    'botllm bench analyse capacity.json --goodput e2el:3000',
  ],
  toleratesBadConfig: true,
  handler: async (ctx, { arguments: [file = ''], options }) => {
    const { goodput, explain: explained, output } = options as AnalyseOptions;
    const recorded = await readRecorded(file);
    if ('capacity' in recorded) return analysedCapacity(ctx, recorded, options as AnalyseOptions);
    if (output !== undefined) await requireReportPlace(output);
    const { report, lines, requests } = recorded;
    const again = analyse(report, lines, goodput);
    // A report elsewhere has no requests beside it.
    const { requests_file: _, ...alone } = again;
    if (output !== undefined) {
      await writeReport(output, alone);
      ctx.out.note(benchMessages.reportWritten(output));
    }
    const same = isDeepStrictEqual(again, report);
    const said = explained ? explain(again, lines) : undefined;
    const words = [
      benchMessages.analysed(lines.length, requests),
      ...(goodput
        ? []
        : [same ? benchMessages.sameFigures : benchMessages.otherFigures(report.botllm.version)]),
    ];
    return {
      schema: 'bench.analyse',
      data: { same, requests: lines.length, report: again, ...(said && { explain: said }) },
      text: () => [reportTable(again), ...(said ? [explainTable(said)] : []), words.join('\n')].join('\n\n'),
    };
  },
};
