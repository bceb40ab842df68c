import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { placeOfCapacity, writeCapacity } from '../bench/capacity/keep.js';
import {
  type AnalysedCapacity,
  type AnalysedLoad,
  analyseCapacity,
} from '../bench/records/analyse-capacity.js';
import type { RecordedCapacity } from '../bench/records/read-recorded.js';
import type { Slo } from '../bench/trace/slo.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import { onlyE2e } from './capacity-slo.js';
import { describeVerification } from './capacity-text.js';
import type { Context } from './context.js';
import type { Outcome } from './output.js';
import { table } from './table.js';

export interface AnalyseOptions {
  goodput?: Slo;
  explain?: boolean;
  output?: string;
}

/**
 * A capacity made again from its requests.
 * @throws BotllmError `USAGE` for what only a report has an answer to
 */
export async function analysedCapacity(
  ctx: Context,
  { capacity, lines, requests }: RecordedCapacity,
  { goodput, explain, output }: AnalyseOptions,
): Promise<Outcome> {
  if (explain)
    throw new BotllmError('USAGE', benchMessages.explainsReports, { hint: 'botllm bench --explain' });
  const place = output === undefined ? undefined : await placeOfCapacity(output, false);
  const again = analyseCapacity(
    capacity,
    lines,
    onlyE2e(goodput, 'botllm bench analyse FILE --goodput e2el:3000'),
  );
  if (place) {
    // One elsewhere has no requests beside it.
    const { requestsFile: _, ...alone } = again;
    await writeCapacity(place.file, alone);
    ctx.out.note(benchMessages.reportWritten(path.basename(place.file)));
  }
  const figures = ({ users, tooMany, probes, verification }: typeof capacity | AnalysedCapacity) =>
    JSON.parse(JSON.stringify({ users, tooMany, probes, verification })) as object;
  const same = isDeepStrictEqual(figures(again), figures(capacity));
  return {
    schema: 'bench.analyse',
    data: { same, requests: lines.length, capacity: again },
    text: () =>
      [
        benchMessages.capacity({ ...again, tooMany: again.tooMany }),
        table([...benchMessages.analysedHead], again.loads.map(row)),
        ...(again.verification ? [describeVerification(again.verification).join('\n')] : []),
        [
          benchMessages.analysed(lines.length, requests),
          ...(again.e2eMs === capacity.e2eMs
            ? [same ? benchMessages.sameFigures : benchMessages.otherCapacity]
            : [benchMessages.notSearched]),
        ].join('\n'),
      ].join('\n\n'),
  };
}

function row(load: AnalysedLoad): string[] {
  const { attempted, good, e2e_ms: took } = load;
  const whole = (ms: number | undefined) => (ms === undefined ? '' : ms.toFixed(0));
  return [
    load.step === 'ladder' ? benchMessages.atOnce(load.atOnce) : benchMessages.withUsers(load.users),
    benchMessages.inTime(good, attempted),
    whole(took.p50),
    whole(took.p95),
    whole(took.max),
  ];
}
