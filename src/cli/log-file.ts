import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SinceFilter } from './log-since.js';

const POLL_MS = 250;

/** 0 for a file that is not there (any more). */
export async function fileLength(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}

/** The last `count` lines of those that are wanted. A log is rotated at 10 MB, so reading one through is cheap. */
export async function lastLines(file: string, count: number, filter?: SinceFilter): Promise<string[]> {
  const last: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    if (filter?.wants(line) === false) continue;
    last.push(line);
    if (last.length > count) last.shift();
  }
  return last;
}

/** Hands over every line that is appended after `from`, until the signal; a rotated file begins anew. */
export async function followFile(
  file: string,
  from: number,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let position = from;
  let rest = '';
  while (!signal.aborted) {
    const size = await fileLength(file);
    if (size < position) {
      position = 0;
      rest = '';
    }
    if (size > position) {
      for await (const part of createReadStream(file, { encoding: 'utf8', start: position, end: size - 1 })) {
        rest += part;
      }
      position = size;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
