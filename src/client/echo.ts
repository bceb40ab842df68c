import { BotllmError } from '../errors.js';
import type { EngineRequest } from './requests.js';

/** Shorter pieces are words that anybody may use. */
const SHORTEST = 10;

/**
 * The error of an engine that quotes what it was asked, without the quotation: errors are logged, and what users
 * write is not.
 */
export function withoutEcho(error: BotllmError, request: EngineRequest): BotllmError {
  const message = cut(error.message, asked(request));
  if (message === error.message) return error;
  const { code, detail, hint, retryAfterMs, status, requestId, cause } = error;
  return new BotllmError(code, message, { detail, hint, retryAfterMs, status, requestId, cause });
}

/** The texts that somebody wrote, on one line each, as messages are. */
function asked({ messages, prompt }: EngineRequest): string {
  const texts = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  return [...texts, prompt ?? ''].map((text) => text.replaceAll(/[\s\p{Cc}]+/gu, ' ')).join('\n');
}

function cut(message: string, source: string): string {
  // Quoted as JSON, a letter may stand as its number.
  const plain = message.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  let out = '';
  for (let at = 0; at < plain.length; ) {
    let end = at + SHORTEST;
    const isEcho = end <= plain.length && source.includes(plain.slice(at, end));
    while (isEcho && end < plain.length && source.includes(plain.slice(at, end + 1))) end += 1;
    out += isEcho ? '…' : plain[at];
    at = isEcho ? end : at + 1;
  }
  return out === plain ? message : out;
}
