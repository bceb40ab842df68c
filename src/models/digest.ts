import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The sha256 of a file, in lower-case hex, reading it once without holding it. */
export async function sha256OfFile(
  file: string,
  signal?: AbortSignal,
  onRead?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  let read = 0;
  const chunks = createReadStream(file, { highWaterMark: 1024 * 1024 });
  const feed = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      hash.update(chunk);
      read += chunk.length;
      onRead?.(read);
    }
  };
  await (signal ? pipeline(chunks, feed, { signal }) : pipeline(chunks, feed));
  return hash.digest('hex');
}
