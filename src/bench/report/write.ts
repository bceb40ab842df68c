import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { BotllmError } from '../../errors.js';
import { csvReport } from './csv.js';
import { htmlReport } from './html.js';
import { markdownReport } from './markdown.js';
import { messages } from './messages.js';
import { BENCH_SCHEMA, type BenchReport } from './schema.js';

const WRITERS: Readonly<Record<string, (report: BenchReport) => string>> = {
  '.json': (report) => `${JSON.stringify({ schema: BENCH_SCHEMA, data: report }, null, 2)}\n`,
  '.md': markdownReport,
  '.csv': csvReport,
  '.html': htmlReport,
};

/**
 * Whether a report can be written there: asked before an hour of measuring, not after it.
 * @throws BotllmError `USAGE` for a suffix that says nothing, or a folder that is not there
 */
export async function requireReportPlace(file: string): Promise<void> {
  writerFor(file);
  const folder = path.dirname(path.resolve(file));
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new BotllmError('USAGE', messages.noFolder(folder), { hint: messages.noFolderHint(folder), cause });
  });
}

/**
 * Writes JSON, Markdown, CSV or HTML by the suffix, whole or not at all: a reader never sees half of one, and a
 * crash leaves the one that was there.
 * @throws BotllmError `USAGE` as `requireReportPlace`
 */
export async function writeReport(file: string, report: BenchReport): Promise<void> {
  const text = writerFor(file)(report);
  await requireReportPlace(file);
  await writeFileAtomic(file, text);
}

function writerFor(file: string): (report: BenchReport) => string {
  const writer = WRITERS[path.extname(file).toLowerCase()];
  if (writer) return writer;
  throw new BotllmError('USAGE', messages.unknownSuffix(file), { hint: messages.unknownSuffixHint });
}
