import { BotllmError } from '../../errors.js';
import { MESSAGES } from '../messages.js';
import { sseReader } from './sse.js';

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

/**
 * The events of a body, parsed (`null`: no JSON), up to `[DONE]`. No generator: every token of every answer comes by
 * here, and each layer of those costs it some turns.
 */
export function readEvents(body: AsyncIterable<Uint8Array>): AsyncIterableIterator<unknown, undefined> {
  const pieces = body[Symbol.asyncIterator]();
  const reader = sseReader();
  const waiting: string[] = [];
  let bytes = 0;
  let isRead = false;
  let isOver = false;
  const more = async () => {
    const { done, value } = await pieces.next();
    isRead = done === true;
    bytes += value?.byteLength ?? 0;
    if (bytes > MAX_STREAM_BYTES) {
      isRead = true;
      await pieces.return?.();
      throw tooLarge(MAX_STREAM_BYTES);
    }
    for (const data of done ? reader.end() : reader.read(value)) {
      // What comes behind its end is read and dropped, so that the connection can be used again.
      isOver ||= data.startsWith('[DONE]');
      if (!isOver) waiting.push(data);
    }
  };
  return {
    async next() {
      while (waiting.length === 0 && !isRead) await more();
      const data = waiting.shift();
      if (data === undefined) return { done: true, value: undefined };
      return { done: false, value: parseJson(data) ?? null };
    },
    async return() {
      isRead = true;
      waiting.length = 0;
      await pieces.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
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
