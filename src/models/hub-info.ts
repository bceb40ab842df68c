import pRetry from 'p-retry';
import { z } from 'zod';
import { type ModelContext, PATIENCE } from './context.js';
import { hubApiAddress, hubEndpoint } from './hub-address.js';
import { tokenFor } from './hub-attempt.js';
import { openHubFetch } from './hub-fetch.js';
import { failureOf } from './hub-reply.js';
import {
  causeOf,
  type HubReply,
  type HubRequest,
  requestHub,
  TransientFailure,
  wholeNumber,
} from './hub-request.js';
import { licenceFromHub, type ModelLicence } from './licences.js';
import { SAY } from './messages.js';
import type { RepoFile } from './quantisation.js';
import { refuse } from './refuse.js';
import { watchForSilence } from './silence.js';
import type { HttpPlace } from './target.js';

/** What the hub says of a repository; every field may be missing on a mirror. */
const Info = z.object({
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: z.number().int().nonnegative().nullish(),
        lfs: z
          .object({
            sha256: z
              .string()
              .regex(/^[0-9a-f]{64}$/i)
              .nullish(),
            size: z.number().int().nullish(),
          })
          .nullish(),
      }),
    )
    .default([]),
  gated: z.union([z.boolean(), z.string()]).nullish(),
  cardData: z.object({ license: z.unknown() }).partial().nullish(),
});

export interface RepoInfo {
  files: RepoFile[];
  licence: ModelLicence;
}

/**
 * The files of a repository with sizes and hashes, and its terms.
 * @throws BotllmError `MODEL_UNAVAILABLE`: gated, private, not there, or nobody answers
 */
export async function askHub(repo: string, ctx: ModelContext, signal: AbortSignal): Promise<RepoInfo> {
  const home = hubEndpoint(ctx.hfEndpoint);
  const place: HttpPlace = { kind: 'http', url: hubApiAddress(ctx.hfEndpoint, repo), home, what: repo, repo };
  const text = await ask(place, { token: ctx.hfToken }, ctx, signal, ({ response }) => response.text());
  const said = Info.safeParse(parsed(text));
  if (!said.success) throw refuse('MODEL_UNAVAILABLE', SAY.strangeAnswer(home, repo), { cause: said.error });
  const { siblings, gated, cardData } = said.data;
  const files = siblings.map(({ rfilename: file, size, lfs }) => {
    const bytes = lfs?.size ?? size;
    const sha256 = lfs?.sha256?.toLowerCase();
    return { file, ...(bytes == null ? {} : { bytes }), ...(sha256 ? { sha256 } : {}) };
  });
  const id = typeof cardData?.license === 'string' ? cardData.license.slice(0, 100) : undefined;
  const isGated = gated == null ? undefined : gated !== false;
  return { files, licence: licenceFromHub(id, isGated, SAY.licenceUnstated) };
}

/**
 * Size and hash of one file, by its headers alone. Empty where they are not told; a refusal is left to the
 * download, which asks for the file itself.
 */
export async function askSize(
  place: HttpPlace,
  ctx: ModelContext,
  signal: AbortSignal,
): Promise<{ bytes?: number; sha256?: string }> {
  const request: HubRequest = { token: tokenFor(place, ctx), method: 'HEAD' };
  const read = async ({ response, size, sha256 }: HubReply) => ({
    bytes: size ?? wholeNumber(response.headers.get('content-length')),
    sha256,
  });
  try {
    const { bytes, sha256 } = await ask(place, request, ctx, signal, read);
    return { ...(bytes ? { bytes } : {}), ...(sha256 === undefined ? {} : { sha256 }) };
  } catch (error) {
    signal.throwIfAborted();
    // Some stores allow no HEAD at all; what is really wrong the download says in its own words.
    if (error instanceof Error) return {};
    throw error;
  }
}

async function ask<T>(
  place: HttpPlace,
  request: HubRequest,
  ctx: ModelContext,
  signal: AbortSignal,
  read: (reply: HubReply) => Promise<T>,
): Promise<T> {
  const { stallMs, retries, backoffMs } = { ...PATIENCE, ...ctx.patience };
  await using hub = openHubFetch(ctx);
  const once = async (): Promise<T> => {
    const silence = watchForSilence(stallMs, signal);
    try {
      const reply = await requestHub(hub.fetch, place.url, request, silence.signal);
      if (reply.response.ok) return await read(reply);
      await reply.response.body?.cancel();
      throw failureOf(reply, place, ctx);
    } catch (error) {
      signal.throwIfAborted();
      if (silence.fellSilent()) throw new TransientFailure(SAY.stalled(stallMs), { cause: error });
      throw error instanceof TypeError ? new TransientFailure(causeOf(error), { cause: error }) : error;
    } finally {
      silence.stop();
    }
  };
  try {
    return await pRetry(once, {
      retries,
      minTimeout: backoffMs,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => error instanceof TransientFailure,
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (error instanceof TransientFailure && retriesLeft > 0) {
          ctx.onNotice?.({ code: 'RETRY', text: SAY.retrying(error.message) });
        }
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TransientFailure)) throw error;
    throw refuse('MODEL_UNAVAILABLE', SAY.hubFailed(place.home, error.message, false), { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
