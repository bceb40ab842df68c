import { open } from 'node:fs/promises';

/** The end of a file from the beginning of a line; undefined where there is none to read. */
export async function tailOf(file: string, bytes: number): Promise<string | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) return undefined;
    const start = Math.max(0, found.size - bytes);
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.min(bytes, found.size)),
      position: start,
    });
    return wholeLines(buffer.subarray(0, bytesRead).toString('utf8'), start > 0);
  } finally {
    await handle.close();
  }
}

/** The last so many characters, from the beginning of a line. */
export function tailText(text: string, length: number): string {
  return wholeLines(text.slice(-length), text.length > length);
}

function wholeLines(text: string, isCut: boolean): string {
  return isCut ? text.slice(text.indexOf('\n') + 1) : text;
}
