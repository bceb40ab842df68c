import type { Response } from 'undici';
import type { HubFetch } from './context.js';
import { SAY } from './messages.js';

const MOST_REDIRECTS = 10;

/** A try that failed in a way that a later one may not: network, 429, 5xx, an address that expired. */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number | undefined } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

export interface HubRequest {
  token: string | undefined;
  headers?: Record<string, string>;
  method?: 'GET' | 'HEAD';
}

export interface HubReply {
  response: Response;
  /** False when the answer came from a host that we were sent to. */
  fromHub: boolean;
  /** sha256 of the file as the hub itself names it (`X-Linked-Etag`), when it is one. */
  sha256?: string | undefined;
  /** Size of the file as the hub itself names it. */
  size?: number | undefined;
}

/**
 * One request with redirects followed by hand: the token goes to the endpoint's own origin alone, and what the
 * hub says of the file is believed only from there.
 */
export async function requestHub(
  fetch: HubFetch,
  address: string,
  { token, headers = {}, method = 'GET' }: HubRequest,
  signal: AbortSignal,
): Promise<HubReply> {
  const home = new URL(address).origin;
  let url = new URL(address);
  let sha256: string | undefined;
  let size: number | undefined;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const atHome = url.origin === home;
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal,
      headers: {
        ...headers,
        // A compressed body would make byte ranges and sizes mean something else.
        'accept-encoding': 'identity',
        ...(atHome && token ? { authorization: `Bearer ${token}` } : {}),
      },
    });
    if (atHome) {
      sha256 = sha256In(response.headers.get('x-linked-etag')) ?? sha256;
      size = wholeNumber(response.headers.get('x-linked-size')) ?? size;
    }
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      return { response, fromHub: atHome, sha256, size };
    }
    await response.body?.cancel();
    url = nextHop(location, url);
  }
  throw new TransientFailure(SAY.tooManyRedirects);
}

function nextHop(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  const downgraded = from.protocol === 'https:' && next?.protocol === 'http:';
  if (!next || !/^https?:$/.test(next.protocol) || downgraded) {
    throw new TransientFailure(SAY.strangeRedirect(next?.origin ?? JSON.stringify(location.slice(0, 80))));
  }
  return next;
}

const sha256In = (etag: string | null): string | undefined =>
  /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(etag ?? '')?.[1]?.toLowerCase();

/** A header that is a plain whole number; undefined for anything else. */
export function wholeNumber(text: string | null): number | undefined {
  if (text === null || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/** The innermost reason of a failed fetch: undici wraps the one that says something. */
export function causeOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) inner = inner.errors[0];
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return (inner.message || code || inner.name).slice(0, 200);
}
