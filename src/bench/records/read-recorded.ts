import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import { readReport } from '../compare/read-report.js';
import type { BenchReport } from '../report/schema.js';
import { messages } from './messages.js';
import { RequestLine } from './request-line.js';

/**
 * A report and its single requests.
 * @param from the folder that `bench -o` filled, the report in it, or its requests
 * @throws BotllmError `USAGE` when one of the two is missing, damaged, or of another report
 */
export async function readRecorded(
  from: string,
): Promise<{ report: BenchReport; lines: RequestLine[]; requests: string }> {
  const file = await reportFile(from);
  const report = await readReport(file);
  if (report.requests_file === undefined) {
    throw new BotllmError('USAGE', messages.noRequests(file), { hint: messages.noRequestsHint });
  }
  const requests = path.join(path.dirname(file), report.requests_file);
  const text = await readFile(requests, 'utf8').catch((cause: unknown) => {
    throw new BotllmError('USAGE', messages.notReadable(requests), { hint: messages.noRequestsHint, cause });
  });
  const lines = text.split('\n').flatMap((line, at) => (line === '' ? [] : [parsed(line, at + 1, requests)]));
  const other = lines.find((line) => line.report !== report.report_id);
  if (other) {
    throw new BotllmError('USAGE', messages.otherReport(requests, other.report, report.report_id), {
      hint: messages.noRequestsHint,
    });
  }
  return { report, lines, requests };
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
