import { BotllmError } from '../../errors.js';
import { MESSAGES } from '../messages.js';
import { readSse } from './sse.js';

/** Far more than any answer; a server that never stops talking is cut here. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** The same for a stream, whose tokens come in some hundred bytes of wrapping each. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;
/** Without state between two whole texts; to make one for each takes longer than the text. */
const utf8 = new TextDecoder();
/** Why a request was refused stands at the beginning. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** What an engine is to answer with. Nothing here unpacks: answers are small, and engines are near. */
export const ACCEPTED = { accept: 'application/json, text/event-stream', 'accept-encoding': 'identity' };

/** Whether a body came packed all the same: it is left alone then, and is an empty text. */
export function isPacked(contentEncoding: string | null): boolean {
  return contentEncoding !== null && contentEncoding !== 'identity';
}

/** A body as text. @throws BotllmError `INVALID_RESPONSE` when it is larger than any answer */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const { text, isWhole } = await read(body, MAX_REPLY_BYTES);
  if (!isWhole) throw tooLarge(MAX_REPLY_BYTES);
  return text;
}

/** The beginning of a body. */
export async function readBeginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  return (await read(body, MAX_REFUSAL_BYTES)).text;
}

/** The events of a body, parsed (`null`: no JSON), up to `[DONE]`. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  let isOver = false;
  const limit = { bytes: MAX_STREAM_BYTES, exceeded: () => tooLarge(MAX_STREAM_BYTES) };
  for await (const data of readSse(body, limit)) {
    // What comes behind its end is read and dropped, so that the connection can be used again.
    isOver ||= data.startsWith('[DONE]');
    if (!isOver) yield parseJson(data) ?? null;
  }
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function read(
  body: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<{ text: string; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isWhole = true;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    isWhole = bytes <= limit;
    if (!isWhole) break;
    chunks.push(chunk);
  }
  return { text: utf8.decode(Buffer.concat(chunks)), isWhole };
}

function tooLarge(bytes: number): BotllmError {
  return new BotllmError('INVALID_RESPONSE', MESSAGES.tooLarge(bytes));
}
