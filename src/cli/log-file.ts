import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** The last `count` lines that are wanted, and the file's length when they were read. */
export async function lastLines(
  file: string,
  count: number,
  isWanted: (line: string) => boolean = () => true,
): Promise<{ last: string[]; end: number }> {
  const { size: end } = await stat(file);
  const last: string[] = [];
  if (end === 0 || count === 0) return { last, end };
  // Log files are rotated at 10 MB, so reading one through is cheap.
  const input = createReadStream(file, { encoding: 'utf8', end: end - 1 });
  for await (const line of createInterface({ input })) {
    if (!isWanted(line)) continue;
    last.push(line);
    if (last.length > count) last.shift();
  }
  return { last, end };
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
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size < position) {
      position = 0;
      rest = '';
    }
    if (size > position) {
      let chunk = '';
      for await (const part of createReadStream(file, { encoding: 'utf8', start: position, end: size - 1 })) {
        chunk += part;
      }
      position = size;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
}
