import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import type { BundleFile } from './collect.js';

/** One gzipped tar archive, all its files in one folder and readable by their owner alone. */
export async function pack(files: readonly BundleFile[], folder: string): Promise<Buffer> {
  const entries = files.map(({ name, text }) => {
    const body = Buffer.from(text);
    return { header: { name: `${folder}/${name}`, size: body.length, mode: 0o600 }, body };
  });
  return promisify(gzip)(await packTar(entries));
}
