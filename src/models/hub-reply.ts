import type { ModelContext } from './context.js';
import type { Download } from './hub-attempt.js';
import type { Part, PartNote } from './hub-part.js';
import { type HubReply, TransientFailure, wholeNumber } from './hub-request.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';
import type { FetchTarget, HttpPlace } from './target.js';

/** What lies there does not belong to what the hub has: the next try begins anew. */
export class StalePart extends TransientFailure {}

export interface BodyPlan {
  /** Where the body's first byte belongs; 0: the file begins anew. */
  from: number;
  note: Omit<PartNote, 'url'>;
}

/**
 * What to do with the body of an answer.
 * @throws TransientFailure, StalePart where another try may help
 * @throws BotllmError `MODEL_UNAVAILABLE` where none will
 */
export function planBody(reply: HubReply, held: Part | null, download: Download): BodyPlan {
  const { status, headers } = reply.response;
  if (status !== 200 && status !== 206) throw failureOf(reply, download.place, download.ctx);
  const range = status === 206 ? contentRange(headers.get('content-range')) : null;
  const size =
    range?.total ?? reply.size ?? wholeNumber(headers.get('content-length')) ?? download.target.bytes;
  if (size === undefined || size === 0) {
    throw refuse('MODEL_UNAVAILABLE', SAY.noSize(download.place.what));
  }
  const note = { size, etag: strongEtag(headers.get('etag')), sha256: reply.sha256 ?? null };
  requireSameFile(note, download.target);
  if (status === 200) return { from: 0, note };
  if (!held || range?.from !== held.bytes) throw new StalePart(SAY.badRange);
  if (range.total !== held.note.size || (note.sha256 ?? held.note.sha256) !== held.note.sha256) {
    throw new StalePart(SAY.changedMeanwhile);
  }
  return { from: held.bytes, note: held.note };
}

/** Before 1.3 GB are fetched in vain: another size or hash can never become the file that is known. */
function requireSameFile(note: BodyPlan['note'], { file, bytes, sha256 }: FetchTarget): void {
  if (bytes !== undefined && note.size !== bytes) {
    throw refuse('MODEL_UNAVAILABLE', SAY.otherSize(file, bytes, note.size));
  }
  if (sha256 !== undefined && note.sha256 !== null && note.sha256 !== sha256) {
    throw refuse('MODEL_UNAVAILABLE', SAY.otherContent(file, sha256, note.sha256));
  }
}

/** What an answer without the file means: something to try again, or the error that says what is wrong. */
export function failureOf(
  { response, fromHub }: Pick<HubReply, 'response' | 'fromHub'>,
  place: HttpPlace,
  ctx: ModelContext,
): Error {
  const { status } = response;
  const { what, home, repo } = place;
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  if (status === 416) return new StalePart(SAY.changedMeanwhile);
  if (status === 408 || status === 429 || status >= 500) {
    return new TransientFailure(SAY.httpStatus(status), { retryAfterMs });
  }
  // A signed address that the hub handed out has expired; the hub hands out a new one.
  if (!fromHub) return new TransientFailure(SAY.expired(status));
  if (repo === undefined) return refuse('MODEL_UNAVAILABLE', SAY.addressRefused(what, status), { status });
  if (status === 401 || status === 403) {
    return refuse('MODEL_UNAVAILABLE', SAY.gated(repo, status, ctx.hfToken !== undefined), { status });
  }
  const said = status === 404 ? SAY.notOnHub(what, home) : SAY.hubRefused(repo, status);
  return refuse('MODEL_UNAVAILABLE', said, { status });
}

function contentRange(text: string | null): { from: number; total: number } | null {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(text ?? '');
  return match ? { from: Number(match[1]), total: Number(match[2]) } : null;
}

/** Only a strong validator may guard a range (RFC 9110 §13.1.5). */
const strongEtag = (etag: string | null): string | null => (etag?.startsWith('"') ? etag : null);

/** Milliseconds of `Retry-After`: seconds, or a date. */
function retryAfter(text: string | null): number | undefined {
  if (text === null) return undefined;
  const seconds = wholeNumber(text.trim());
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
