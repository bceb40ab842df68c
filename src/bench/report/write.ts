import path from 'node:path';
import { BotllmError } from '../../errors.js';
import { csvReport } from './csv.js';
import { htmlReport } from './html.js';
import { markdownReport } from './markdown.js';
import { messages } from './messages.js';
import { requirePlace, writeWhole } from './place.js';
import { BENCH_SCHEMA, type BenchReport } from './schema.js';

const WRITERS: Readonly<Record<string, (report: BenchReport) => string>> = {
  '.json': (report) => `${JSON.stringify({ schema: BENCH_SCHEMA, data: report }, null, 2)}\n`,
  '.md': markdownReport,
  '.csv': csvReport,
  '.html': htmlReport,
};

/**
 * Whether a report can be written there: asked before an hour of measuring, not after it.
 * @throws BotllmError `USAGE` for a suffix that says nothing, and as `requirePlace`
 */
export async function requireReportPlace(file: string): Promise<void> {
  writerFor(file);
  await requirePlace(file);
}

/**
 * Writes JSON, Markdown, CSV or HTML by the suffix, whole or not at all.
 * @throws BotllmError `USAGE` as `requireReportPlace`
 */
export async function writeReport(file: string, report: BenchReport): Promise<void> {
  await writeWhole(file, writerFor(file)(report));
}

function writerFor(file: string): (report: BenchReport) => string {
  const writer = WRITERS[path.extname(file).toLowerCase()];
  if (writer) return writer;
  throw new BotllmError('USAGE', messages.unknownSuffix(file), { hint: messages.unknownSuffixHint });
}
