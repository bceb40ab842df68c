import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import { type Capacity, readCapacity } from '../capacity/read-capacity.js';
import { readReport } from '../compare/read-report.js';
import type { BenchReport } from '../report/schema.js';
import { messages } from './messages.js';
import { RequestLine } from './request-line.js';

/** Single requests, and the file that they were read from. */
interface Recorded {
  lines: RequestLine[];
  requests: string;
}

export type RecordedReport = Recorded & { report: BenchReport };
export type RecordedCapacity = Recorded & { capacity: Capacity };

/**
 * A report, or a capacity, and its single requests.
 * @param from the folder that `bench -o` filled, the report in it, a capacity, or the requests of either
 * @throws BotllmError `USAGE` when one of the two is missing, damaged, or of another report
 */
export async function readRecorded(from: string): Promise<RecordedReport | RecordedCapacity> {
  const file = await reportFile(from);
  const document = jsonOf(await readFile(file, 'utf8').catch(() => ''));
  const capacity = readCapacity(document, file);
  if (capacity) {
    const { reportId = '', requestsFile } = capacity;
    return { capacity, ...(await requestsOf(file, requestsFile, reportId)) };
  }
  const report = await readReport(file);
  return { report, ...(await requestsOf(file, report.requests_file, report.report_id)) };
}

/** @param named its name for its requests, which lie beside it */
async function requestsOf(file: string, named: string | undefined, id: string): Promise<Recorded> {
  if (named === undefined) {
    throw new BotllmError('USAGE', messages.noRequests(file), { hint: messages.noRequestsHint });
  }
  const requests = path.join(path.dirname(file), named);
  const text = await readFile(requests, 'utf8').catch((cause: unknown) => {
    throw new BotllmError('USAGE', messages.notReadable(requests), { hint: messages.noRequestsHint, cause });
  });
  const lines = text.split('\n').flatMap((line, at) => (line === '' ? [] : [parsed(line, at + 1, requests)]));
  const other = lines.find((line) => line.report !== id);
  if (other) {
    throw new BotllmError('USAGE', messages.otherReport(requests, other.report, id), {
      hint: messages.noRequestsHint,
    });
  }
  return { lines, requests };
}

async function reportFile(from: string): Promise<string> {
  if ((await stat(from).catch(() => null))?.isDirectory()) return path.join(from, 'report.json');
  if (!from.endsWith('.jsonl')) return from;
  const beside = from.replace(/\.requests\.jsonl$/, '.json');
  return beside === from ? path.join(path.dirname(from), 'report.json') : beside;
}

function parsed(text: string, at: number, file: string): RequestLine {
  const line = RequestLine.safeParse(jsonOf(text));
  if (line.success) return line.data;
  const [issue] = line.error.issues;
  throw new BotllmError('USAGE', messages.brokenLine(file, at), {
    detail: issue && `${issue.path.join('.')}: ${issue.message}`,
    hint: messages.noRequestsHint,
    cause: line.error,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
