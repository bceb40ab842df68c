import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { isBotllmError } from '../errors.js';
import type { CatalogueEntry } from './catalogue.js';
import { type ModelContext, PATIENCE } from './context.js';
import { requireDisk } from './disk.js';
import { hubAddress, hubEndpoint } from './hub-address.js';
import { attempt, type Download, type HubSource } from './hub-attempt.js';
import { openHubFetch } from './hub-fetch.js';
import { dropPart, readPart } from './hub-part.js';
import { TransientFailure } from './hub-request.js';
import { SAY } from './messages.js';
import { verifyAndPlace } from './place.js';
import { refuse } from './refuse.js';

/**
 * Fetches a file from the hub into the models folder, going on where an earlier run was cut off. The caller
 * holds the lock of the file.
 * @throws BotllmError `MODEL_UNAVAILABLE`, `NOT_ENOUGH_DISK`, `HASH_MISMATCH`
 */
export async function fetchFromHub(
  entry: CatalogueEntry,
  source: HubSource,
  ctx: ModelContext,
  signal: AbortSignal,
): Promise<string> {
  const part = path.join(ctx.modelsDir, `${entry.file}.part`);
  const url = hubAddress(ctx.hfEndpoint, source.repo, source.file);
  const held = await readPart(part, url);
  await requireDisk(ctx.modelsDir, entry.bytes - (held?.bytes ?? 0));
  if (held) ctx.onNotice?.({ code: 'RESUMED', text: SAY.resumed(entry.file, held.bytes) });
  await using hub = openHubFetch(ctx);
  const patience = { ...PATIENCE, ...ctx.patience };
  const hubSha256 = await untilWhole({
    entry,
    source,
    url,
    part,
    ctx,
    patience,
    signal,
    fetch: hub.fetch,
    received: 0,
  });
  const expected = entry.sha256 ?? hubSha256;
  const target = await verifyAndPlace(part, entry, expected, { ...ctx, signal }).catch(async (error) => {
    // An interrupted check leaves the part for the next run; a failed one leaves only what was put aside.
    if (isBotllmError(error, 'HASH_MISMATCH') || isBotllmError(error, 'MODEL_BROKEN')) await dropPart(part);
    throw error;
  });
  await dropPart(part);
  if (expected === undefined) ctx.onNotice?.({ code: 'UNVERIFIED', text: SAY.unverified(entry.file) });
  return target;
}

/** Tries until the file is whole; a try that brought bytes starts the count of failures anew. */
async function untilWhole(download: Download): Promise<string | undefined> {
  const { patience, signal, ctx } = download;
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
        const said = SAY.hubFailed(hubEndpoint(ctx.hfEndpoint), error.message, download.received > 0);
        throw refuse('MODEL_UNAVAILABLE', said, { cause: error });
      }
      await sleep(patience.backoffMs * Math.random(), undefined, { signal });
    }
  }
}

/** Waits as long as the hub asked for; a wait that nobody should sit through is reported instead. */
async function beforeNextTry(download: Download, failure: TransientFailure): Promise<void> {
  const { ctx, patience, signal } = download;
  const wait = failure.retryAfterMs ?? 0;
  if (wait > patience.longestWaitMs) {
    const said = SAY.hubFailed(
      hubEndpoint(ctx.hfEndpoint),
      `${failure.message}, ${SAY.askedToWait(wait)}`,
      download.received > 0,
    );
    throw refuse('MODEL_UNAVAILABLE', said, { cause: failure, retryAfterMs: wait });
  }
  ctx.onNotice?.({ code: 'RETRY', text: SAY.retrying(failure.message) });
  if (wait > 0) await sleep(wait, undefined, { signal });
}
