import { hash as digest } from 'node:crypto';

export const CACHE_PREFIX = 'llm:cache:v1:';
export const LIMIT_PREFIX = 'llm:ratelimit:v1:';
/** What an admin command without a filter means: all scopes and all versions. */
export const ALL_CACHE = 'llm:cache:';
export const ALL_LIMITS = 'llm:ratelimit:';
const LEASE_PREFIX = 'llm:lease:v1:';
/** A name that stands in a key as it is. */
const PLAIN = /^[\w.!~*'()/@-]+$/;
/** What a user may look like in a key: an id as it is, or `h:` and its hash. */
const IN_KEY = /^[\w.@:-]{1,66}$/;

export interface CacheKeyParts {
  /** The bot or tenant given to the client; `-` when none was. */
  scope: string;
  /** `intent`, …, or `chat`, `completion` for calls without a task. */
  task: string;
  model: string;
  /** sha256 (hex) of everything that decides the answer. */
  hash: string;
}

/** `llm:cache:v1:<scope>:<task>:<model>:<sha256>` */
export function cacheKey({ scope, task, model, hash }: CacheKeyParts): string {
  return `${CACHE_PREFIX}${segment(scope)}:${segment(task)}:${segment(model)}:${hash}`;
}

/** The parts of a cache key, or null when the text is none. */
export function parseCacheKey(key: string): CacheKeyParts | null {
  if (!key.startsWith(CACHE_PREFIX)) return null;
  const [scope, task, model, hash, ...rest] = key.slice(CACHE_PREFIX.length).split(':');
  if (
    scope === undefined ||
    task === undefined ||
    model === undefined ||
    hash === undefined ||
    rest.length > 0
  )
    return null;
  const [ofScope, ofTask, ofModel] = [scope, task, model].map(unsegment);
  if (ofScope === undefined || ofTask === undefined || ofModel === undefined) return null;
  return { scope: ofScope, task: ofTask, model: ofModel, hash };
}

/** `llm:ratelimit:v1:<scope>:<user>`; a user id that could not stand in a key is hashed. */
export function limitKey(scope: string, userId: string): string {
  const user = /^[\w.@:-]{1,64}$/.test(userId) ? userId : `h:${digest('sha256', userId)}`;
  return `${LIMIT_PREFIX}${segment(scope)}:${user}`;
}

/** The scope and the user (as the key has him) of a limiter key, or null when the text is none of this version. */
export function parseLimitKey(key: string): { scope: string; user: string } | null {
  if (!key.startsWith(LIMIT_PREFIX)) return null;
  const rest = key.slice(LIMIT_PREFIX.length);
  const colon = rest.indexOf(':');
  const scope = colon < 0 ? undefined : unsegment(rest.slice(0, colon));
  const user = rest.slice(colon + 1);
  return scope === undefined || !IN_KEY.test(user) ? null : { scope, user };
}

/** The key of a user as an operator names him: by his id, or by the `h:` and hash under which he was listed. */
export function namedLimitKey(scope: string, user: string): string {
  return /^h:[0-9a-f]{64}$/.test(user) ? `${LIMIT_PREFIX}${segment(scope)}:${user}` : limitKey(scope, user);
}

/** `llm:lease:v1:<sha256>`: the hash of an answer's whole cache key, so that scopes never meet. */
export function leaseKey(answerKey: string): string {
  return `${LEASE_PREFIX}${digest('sha256', answerKey)}`;
}

/**
 * Keeps `:` for the key's own structure; a model id like `org/repo` stays readable. Half a surrogate pair, which
 * no encoding of text has, is written `%uD83D`: whatever the name, it has a key, and no two share one.
 */
export function segment(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .split(/(\p{Surrogate})/u)
    .map((part, i) => (i % 2 === 1 ? `%u${part.charCodeAt(0).toString(16).toUpperCase()}` : encoded(part)))
    .join('');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%40', '@');
}

/** Undefined for what `segment` never wrote. */
function unsegment(text: string): string | undefined {
  try {
    return text
      .split(/%u(D[89A-F][0-9A-F]{2})/)
      .map((part, i) =>
        i % 2 === 1 ? String.fromCharCode(Number.parseInt(part, 16)) : decodeURIComponent(part),
      )
      .join('');
  } catch {
    return undefined;
  }
}
