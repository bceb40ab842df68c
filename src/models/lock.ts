import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import type { ModelContext } from './context.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';

/** A process that was killed frees its lock after this time; one that lives renews it every second. */
const STALE_MS = 5_000;
const POLL_MS = 200;

/**
 * Runs `work` while no other process fetches the same file; a second one waits for the first. `work` gets a
 * signal that also ends it when the lock is lost (a machine that slept), so that two never write one file.
 */
export async function withFileLock<T>(
  ctx: ModelContext,
  file: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await mkdir(ctx.modelsDir, { recursive: true });
  const lost = new AbortController();
  const release = await acquire(ctx, file, () => lost.abort(refuse('MODEL_UNAVAILABLE', SAY.lockLost(file))));
  try {
    return await work(ctx.signal ? AbortSignal.any([ctx.signal, lost.signal]) : lost.signal);
  } catch (error) {
    // Whatever the work stumbled over then, this is why.
    lost.signal.throwIfAborted();
    throw error;
  } finally {
    // A lock that was lost meanwhile is somebody else's.
    await release().catch(() => undefined);
  }
}

/**
 * Runs `work` while nobody fetches the file.
 * @throws BotllmError `MISSING_PREREQUISITE` where somebody does
 */
export async function withFreeFile(
  modelsDir: string,
  file: string,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const options = { realpath: false, stale: STALE_MS };
  const release = await lock(path.join(modelsDir, file), options).catch((cause: unknown) => {
    throw isHeld(cause) ? refuse('MISSING_PREREQUISITE', SAY.beingFetched(name), { cause }) : cause;
  });
  try {
    await work();
  } finally {
    await release().catch(() => undefined);
  }
}

const isHeld = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ELOCKED';

async function acquire(
  ctx: ModelContext,
  file: string,
  onCompromised: () => void,
): Promise<() => Promise<void>> {
  const target = path.join(ctx.modelsDir, file);
  for (let told = false; ; told = true) {
    try {
      return await lock(target, { realpath: false, stale: STALE_MS, update: 1_000, onCompromised });
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    if (!told) ctx.onNotice?.({ code: 'OTHER_DOWNLOAD', text: SAY.otherDownload(file) });
    ctx.onProgress?.({ phase: 'wait' });
    await sleep(POLL_MS, undefined, ctx.signal ? { signal: ctx.signal } : {});
  }
}
