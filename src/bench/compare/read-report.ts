import { readFile } from 'node:fs/promises';
import { BotllmError } from '../../errors.js';
import { BENCH_SCHEMA, BenchDocument, type BenchReport } from '../report/schema.js';
import { messages } from './messages.js';

/**
 * A report as `bench -o` wrote it, or the output of `bench --json`, whose last line it is.
 * @throws BotllmError `USAGE` when the file is none, or is one of another version
 */
export async function readReport(file: string): Promise<BenchReport> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BotllmError('USAGE', messages.notReadable(file), {
      detail: whyNot(cause),
      hint: messages.noReportHint,
      cause,
    });
  });
  const found = parsed(text) ?? parsed(text.trimEnd().split('\n').at(-1) ?? '');
  const schema = found && typeof found === 'object' && 'schema' in found ? String(found.schema) : '';
  if (!schema.startsWith('botllm.bench/')) {
    throw new BotllmError('USAGE', messages.noReport(file), { hint: messages.noReportHint });
  }
  if (schema !== BENCH_SCHEMA) {
    throw new BotllmError('USAGE', messages.otherSchema(file, schema), { hint: messages.otherSchemaHint });
  }
  const document = BenchDocument.safeParse(found);
  if (!document.success) {
    const [issue] = document.error.issues;
    throw new BotllmError('USAGE', messages.brokenReport(file), {
      detail: issue && `${issue.path.join('.')}: ${issue.message}`,
      hint: messages.noReportHint,
      cause: document.error,
    });
  }
  return document.data.data;
}

function whyNot(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return messages.noFile;
  if (code === 'EISDIR') return messages.aFolder;
  return code === 'EACCES' || code === 'EPERM' ? messages.notAllowed : (code ?? message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
