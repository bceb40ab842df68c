import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BENCH_SCHEMA, type BenchReport } from '../bench/report/schema.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import type { Context } from './context.js';

/** Writes a report as its name's suffix says. @throws BotllmError `USAGE` for a suffix without a form */
export async function writeReport(ctx: Context, report: BenchReport, file: string): Promise<void> {
  if (path.extname(file) !== '.json')
    throw new BotllmError('USAGE', benchMessages.reportForm(file), { hint: benchMessages.reportFormHint });
  await writeFile(file, `${JSON.stringify({ schema: BENCH_SCHEMA, data: report }, null, 2)}\n`);
  ctx.out.note(benchMessages.reportWritten(file));
}
