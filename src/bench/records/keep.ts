import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { BotllmError } from '../../errors.js';
import type { BenchReport } from '../report/schema.js';
import { requireReportPlace, writeReport } from '../report/write.js';
import { messages } from './messages.js';
import type { RequestLine } from './request-line.js';

/** Where a report goes, and its single requests where they are kept. */
export interface ReportPlace {
  files: readonly string[];
  requests?: string;
}

/**
 * A folder (`-o results/`) takes the report as JSON and HTML with every request; a file takes the report alone, and
 * the requests beside it where that is asked for. Asked before an hour of measuring, not after it.
 * @throws BotllmError `USAGE` when nothing can be written there
 */
export async function placeOf(output: string, detailed: boolean): Promise<ReportPlace> {
  const isFolder = /[\\/]$/.test(output) || (await stat(output).catch(() => null))?.isDirectory() === true;
  const place = isFolder ? inFolder(output) : beside(output, detailed);
  if (isFolder) await mkdir(output, { recursive: true }).catch(() => undefined);
  for (const file of place.files) await requireReportPlace(file);
  return place;
}

function inFolder(folder: string): ReportPlace {
  return {
    files: ['report.json', 'report.html'].map((name) => path.join(folder, name)),
    requests: path.join(folder, 'requests.jsonl'),
  };
}

function beside(file: string, detailed: boolean): ReportPlace {
  if (!detailed) return { files: [file] };
  if (path.extname(file).toLowerCase() !== '.json') {
    throw new BotllmError('USAGE', messages.detailNeedsJson(file), { hint: messages.detailNeedsJsonHint });
  }
  return { files: [file], requests: requestsBeside(file) };
}

/** The file of a JSON report's requests. */
export const requestsBeside = (file: string): string => `${file.slice(0, -'.json'.length)}.requests.jsonl`;

/** The report as it is written: it names its requests. */
export function namingRequests(report: BenchReport, { requests }: ReportPlace): BenchReport {
  return requests === undefined ? report : { ...report, requests_file: path.basename(requests) };
}

/** Writes requests and report, each whole or not at all; the report last, so that what it names is there. */
export async function keepReport(
  { files, requests }: ReportPlace,
  report: BenchReport,
  lines: readonly RequestLine[],
): Promise<void> {
  if (requests !== undefined) {
    await writeFileAtomic(requests, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  for (const file of files) await writeReport(file, report);
}
