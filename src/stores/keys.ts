import { createHash } from 'node:crypto';

export const CACHE_PREFIX = 'llm:cache:v1:';
export const LIMIT_PREFIX = 'llm:ratelimit:v1:';

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
  return { scope: unsegment(scope), task: unsegment(task), model: unsegment(model), hash };
}

/** `llm:ratelimit:v1:<scope>:<user>`; a user id that could not stand in a key is hashed. */
export function limitKey(scope: string, userId: string): string {
  const user = /^[\w.@:-]{1,64}$/.test(userId)
    ? userId
    : `h:${createHash('sha256').update(userId).digest('hex')}`;
  return `${LIMIT_PREFIX}${segment(scope)}:${user}`;
}

/** Keeps `:` for the key's own structure; a model id like `org/repo` stays readable. */
function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%40', '@');
}

function unsegment(text: string): string {
  return decodeURIComponent(text);
}
