import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { isBotllmError } from '../errors.js';
import type { ModelContext } from './context.js';
import { sha256OfFile } from './digest.js';
import { readGguf } from './gguf.js';
import { SAY } from './messages.js';
import { writeReceipt } from './receipt.js';
import { refuse } from './refuse.js';
import type { FetchTarget } from './target.js';

/**
 * Verifies a fetched file and puts it, in one rename, where the engine may find it. A file of other content
 * is kept aside as `<file>.broken` for whoever wants to know why.
 * @param expected sha256 in lower-case hex; undefined where nobody named one
 * @throws BotllmError `HASH_MISMATCH`, `MODEL_BROKEN`
 */
export async function verifyAndPlace(
  fetched: string,
  { file, name, source }: FetchTarget,
  expected: string | undefined,
  ctx: ModelContext,
): Promise<string> {
  const { size } = await stat(fetched);
  const actual = await sha256OfFile(fetched, ctx.signal, (receivedBytes) =>
    ctx.onProgress?.({ phase: 'verify', receivedBytes, totalBytes: size }),
  );
  const target = path.join(ctx.modelsDir, file);
  const aside = `${target}.broken`;
  if (expected !== undefined && actual !== expected) {
    await rename(fetched, aside);
    throw refuse('HASH_MISMATCH', SAY.hashMismatch(file, expected, actual, aside));
  }
  await readGguf(fetched).catch(async (error: unknown) => {
    // Where nobody named a hash, this alone keeps a login page out of the models folder.
    if (!isBotllmError(error, 'MODEL_BROKEN')) throw error;
    await rename(fetched, aside);
    throw refuse('MODEL_BROKEN', SAY.brokenFile(aside, error.detail ?? error.message), { cause: error });
  });
  await rename(fetched, target);
  await writeReceipt(target, { bytes: size, sha256: actual, name, source });
  return target;
}
