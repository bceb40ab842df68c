import type { IncomingMessage } from 'node:http';
import { wireMessages } from './messages.js';
import { invalidRequest, WireError } from './wire-error.js';

/** Bytes of a body that a server reads at most. */
export const BODY_LIMIT = 1024 * 1024;

/**
 * Reads a whole body as JSON. Over the limit it stops reading at once and throws 413: what the client still
 * sends stays in the socket until the reply is out (see `drainAfterReply`).
 */
export async function readJsonBody(incoming: IncomingMessage, limit = BODY_LIMIT): Promise<unknown> {
  const announced = Number(incoming.headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge(limit);
  const text = decode(await readBytes(incoming, limit));
  if (text.trim() === '') throw invalidRequest(wireMessages.emptyBody);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalidRequest(wireMessages.notJson, undefined, cause);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes in another encoding would reach the model as noise, and be answered with confidence. */
function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw invalidRequest(wireMessages.notUtf8, undefined, cause);
  }
}

function readBytes(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      finish();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        incoming.pause();
        settle(() => reject(tooLarge(limit)));
      } else chunks.push(chunk);
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)));
    // Nobody is left to read an answer; any refusal ends the request.
    const onGone = () => settle(() => reject(invalidRequest(wireMessages.emptyBody)));
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

function tooLarge(limit: number): WireError {
  return new WireError(413, 'invalid_request_error', wireMessages.bodyTooLarge(limit));
}
