import type { IncomingHttpHeaders } from 'node:http';
import { type CallOptions, TRACEPARENT } from '../client/open-call.js';
import type { QuotaState } from '../client/quota.js';
import { invalidRequest } from '../openai-http/wire-error.js';
import type { Ask } from './exchange.js';
import { MESSAGES } from './messages.js';

/**
 * The caller's user, bot, request and trace, as the client counts them. What the limiter says of him goes into the
 * reply's headers, whatever the reply is.
 * @param user of the body; it wins over `X-User-Id`
 */
export function callerOf(ask: Ask, user: string | null | undefined): CallOptions {
  const { headers, requestId, gone, carried } = ask;
  const traceparent = single(headers, 'traceparent');
  return {
    requestId,
    signal: gone,
    userId: user ?? text(headers, 'x-user-id'),
    scope: text(headers, 'x-bot-id') || undefined,
    // What is no trace context is not passed on, and is no reason to refuse.
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    cache: wantsCache(headers),
    onQuota: (state) => void Object.assign(carried, quotaFields(state)),
  };
}

/**
 * `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10: lists of structured fields whose
 * items are strings; whole seconds, rounded up.
 */
export function quotaFields({ limit, windowMs, remaining, resetMs }: QuotaState): Record<string, string> {
  return {
    'ratelimit-policy': `"user";q=${limit};w=${Math.ceil(windowMs / 1000)}`,
    ratelimit: `"user";r=${remaining};t=${Math.ceil(resetMs / 1000)}`,
  };
}

/** `Cache-Control: no-cache` or `no-store` asks the model anew, as `cache: false` does in the library. */
function wantsCache(headers: IncomingHttpHeaders): boolean {
  return !/\bno-(?:cache|store)\b/i.test(headers['cache-control'] ?? '');
}

function single(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A header's bytes are UTF-8 to whoever sends a name in one; Node reads them as Latin-1. */
function text(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = single(headers, name);
  if (value === undefined || /^[\x20-\x7e]*$/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch (cause) {
    throw invalidRequest(MESSAGES.badHeader(name), undefined, cause);
  }
}
