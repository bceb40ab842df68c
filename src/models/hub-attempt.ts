import { type FileHandle, open } from 'node:fs/promises';
import { BotllmError } from '../errors.js';
import type { HubFetch, ModelContext, Patience } from './context.js';
import { isFileError } from './disk.js';
import { dropPart, type Part, readPart, writeNote } from './hub-part.js';
import { planBody, StalePart } from './hub-reply.js';
import { causeOf, type HubReply, requestHub, TransientFailure } from './hub-request.js';
import { SAY } from './messages.js';
import { watchForSilence } from './silence.js';
import type { FetchTarget, HttpPlace } from './target.js';

export interface Download {
  target: FetchTarget;
  place: HttpPlace;
  /** The unfinished file, beside the place of the finished one. */
  part: string;
  ctx: ModelContext;
  patience: Patience;
  signal: AbortSignal;
  fetch: HubFetch;
  /** Called with the size before the first byte is written; throws where the disk is too small. */
  beforeFirstByte: (bytes: number) => Promise<void>;
  /** Bytes that this run received, over all its tries. */
  received: number;
}

/**
 * One request and its body, appended to what is there. Resolves, once the part is whole, to the sha256 that
 * the hub named for it.
 * @throws TransientFailure where another try may help
 */
export async function attempt(download: Download): Promise<string | undefined> {
  const { part, patience, place } = download;
  const held = await readPart(part, place.url);
  // Killed between the last byte and the check.
  if (held && held.bytes === held.note.size) return held.note.sha256 ?? undefined;
  const silence = watchForSilence(patience.stallMs, download.signal);
  try {
    const request = { token: tokenFor(place, download.ctx), headers: rangeHeaders(held) };
    const reply = await requestHub(download.fetch, place.url, request, silence.signal);
    return await receive(download, held, reply, silence.heard);
  } catch (error) {
    download.signal.throwIfAborted();
    if (error instanceof StalePart) await dropPart(part);
    if (error instanceof BotllmError || error instanceof TransientFailure || isFileError(error)) throw error;
    const why = silence.fellSilent() ? SAY.stalled(patience.stallMs) : causeOf(error);
    throw new TransientFailure(why, { cause: error });
  } finally {
    silence.stop();
  }
}

/** The token is the hub's; an address of somebody else's never sees it. */
export const tokenFor = (place: HttpPlace, ctx: ModelContext): string | undefined =>
  place.repo === undefined ? undefined : ctx.hfToken;

/** The rest of the file, and only if it is still the same file. */
function rangeHeaders(held: Part | null): Record<string, string> {
  if (!held) return {};
  const { etag } = held.note;
  return { range: `bytes=${held.bytes}-`, ...(etag === null ? {} : { 'if-range': etag }) };
}

async function receive(
  download: Download,
  held: Part | null,
  reply: HubReply,
  heard: () => void,
): Promise<string | undefined> {
  const { ctx, part, place } = download;
  const { body } = reply.response;
  let file: FileHandle | undefined;
  try {
    const { from, note } = planBody(reply, held, download);
    await download.beforeFirstByte(note.size);
    heard();
    file = await open(part, from === 0 ? 'w' : 'r+');
    if (from === 0) await writeNote(part, { ...note, url: place.url });
    let at = from;
    for await (const chunk of body ?? []) {
      heard();
      if (at + chunk.length > note.size) throw new StalePart(SAY.tooLong(note.size));
      await writeAll(file, chunk, at);
      at += chunk.length;
      download.received += chunk.length;
      ctx.onProgress?.({ phase: 'download', receivedBytes: at, totalBytes: note.size });
    }
    if (at < note.size) throw new TransientFailure(SAY.cutShort(at, note.size));
    await file.sync();
    return note.sha256 ?? undefined;
  } finally {
    await file?.close();
    // A body that nobody reads would hold its connection.
    if (body && !body.locked) await body.cancel().catch(() => undefined);
  }
}

/** A nearly full disk takes a part of a write and says no error until the next one. */
async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}
