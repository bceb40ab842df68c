import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { isBotllmError } from '../errors.js';
import { type ModelContext, PATIENCE } from './context.js';
import { attempt, type Download } from './hub-attempt.js';
import { openHubFetch } from './hub-fetch.js';
import { dropPart, readPart } from './hub-part.js';
import { TransientFailure } from './hub-request.js';
import { SAY } from './messages.js';
import { verifyAndPlace } from './place.js';
import { refuse } from './refuse.js';
import type { FetchTarget, HttpPlace } from './target.js';

/**
 * Fetches a file by HTTP into the models folder, going on where an earlier run was cut off. The caller holds
 * the lock of the file.
 * @param sizeKnown told the size, and what of it lies here already, before the first byte comes; it announces
 * the download and refuses it where the disk is too small
 * @throws BotllmError `MODEL_UNAVAILABLE`, `NOT_ENOUGH_DISK`, `HASH_MISMATCH`
 */
export async function fetchByHttp(
  target: FetchTarget,
  place: HttpPlace,
  ctx: ModelContext,
  signal: AbortSignal,
  sizeKnown: (bytes: number, held: number) => Promise<void>,
): Promise<string> {
  const part = path.join(ctx.modelsDir, `${target.file}.part`);
  const held = await readPart(part, place.url);
  const size = target.bytes ?? held?.note.size;
  let told = size !== undefined;
  if (size !== undefined) await sizeKnown(size, held?.bytes ?? 0);
  if (held) ctx.onNotice?.({ code: 'RESUMED', text: SAY.resumed(target.file, held.bytes) });
  const beforeFirstByte = async (bytes: number): Promise<void> => {
    if (!told) await sizeKnown(bytes, 0);
    told = true;
  };
  await using hub = openHubFetch(ctx);
  const patience = { ...PATIENCE, ...ctx.patience };
  const download = {
    target,
    place,
    part,
    ctx,
    patience,
    signal,
    fetch: hub.fetch,
    beforeFirstByte,
    received: 0,
  };
  const hubSha256 = await untilWhole(download);
  const expected = target.sha256 ?? hubSha256;
  const placed = await verifyAndPlace(part, target, expected, { ...ctx, signal }).catch(async (error) => {
    // An interrupted check leaves the part for the next run; a failed one leaves only what was put aside.
    if (isBotllmError(error, 'HASH_MISMATCH') || isBotllmError(error, 'MODEL_BROKEN')) await dropPart(part);
    throw error;
  });
  await dropPart(part);
  if (expected === undefined) ctx.onNotice?.({ code: 'UNVERIFIED', text: SAY.unverified(target.file) });
  return placed;
}

/** Tries until the file is whole; a try that brought bytes starts the count of failures anew. */
async function untilWhole(download: Download): Promise<string | undefined> {
  const { patience, signal, place } = download;
  for (;;) {
    const atStart = download.received;
    const brought = () => download.received > atStart;
    try {
      return await pRetry(() => attempt(download), {
        retries: patience.retries,
        minTimeout: patience.backoffMs,
        maxTimeout: patience.longestWaitMs,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => error instanceof TransientFailure && !brought(),
        onFailedAttempt: ({ error, retriesLeft }) => {
          const final = retriesLeft === 0 && !brought();
          return error instanceof TransientFailure && !final ? beforeNextTry(download, error) : undefined;
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransientFailure)) throw error;
      if (!brought()) {
        const said = SAY.hubFailed(place.home, error.message, download.received > 0);
        throw refuse('MODEL_UNAVAILABLE', said, { cause: error });
      }
      await sleep(patience.backoffMs * Math.random(), undefined, { signal });
    }
  }
}

/** Waits as long as the hub asked for; a wait that nobody should sit through is reported instead. */
async function beforeNextTry(download: Download, failure: TransientFailure): Promise<void> {
  const { ctx, patience, signal, place } = download;
  const wait = failure.retryAfterMs ?? 0;
  if (wait > patience.longestWaitMs) {
    const said = SAY.hubFailed(
      place.home,
      `${failure.message}, ${SAY.askedToWait(wait)}`,
      download.received > 0,
    );
    throw refuse('MODEL_UNAVAILABLE', said, { cause: failure, retryAfterMs: wait });
  }
  ctx.onNotice?.({ code: 'RETRY', text: SAY.retrying(failure.message) });
  if (wait > 0) await sleep(wait, undefined, { signal });
}
