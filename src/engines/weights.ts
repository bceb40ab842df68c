import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { EnsuredModel } from '../models/ensure.js';
import type { HomeLayout } from '../settings/home.js';
import * as z from '../zod.js';

const ServedWeights = z.record(z.string(), z.string());

/**
 * Remembers which weights stand behind a model's name. Cached answers carry the name only, so other weights
 * under the same name make them answers of another model.
 * @returns whether this name stood for other weights before
 */
export async function rememberWeights(layout: HomeLayout, model: EnsuredModel): Promise<boolean> {
  return rememberFingerprint(layout, model.name, await fingerprintOf(model));
}

/** The same for weights that lie in a container: whatever tells them from others. */
export async function rememberFingerprint(
  layout: HomeLayout,
  name: string,
  fingerprint: string,
): Promise<boolean> {
  const file = layout.servedWeights;
  const served = await readFile(file, 'utf8').then(
    (text) => ServedWeights.safeParse(JSON.parse(text)).data ?? {},
    () => ({}) as Record<string, string>,
  );
  const before = served[name];
  if (before === fingerprint) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify({ ...served, [name]: fingerprint }, null, 2)}\n`);
  return before !== undefined;
}

/** The hash where it is known; hashing gigabytes at every start would cost more than it is worth. */
async function fingerprintOf({ sha256, path: file, bytes }: EnsuredModel): Promise<string> {
  return sha256 ?? `${file} ${bytes} ${(await stat(file)).mtimeMs}`;
}
