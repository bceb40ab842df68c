import type { CacheFilter } from './contract.js';
import { ALL_CACHE, parseCacheKey } from './keys.js';

/**
 * Whether an admin command that names `filter` means this key: only cached answers, whole names only. Without a
 * name all of them, of every version; with one only those whose names can be read. The age is `isOldEnough`'s.
 */
export function matchesFilter(key: string, { scope, task, model }: CacheFilter): boolean {
  if (!key.startsWith(ALL_CACHE)) return false;
  if (scope === undefined && task === undefined && model === undefined) return true;
  const parts = parseCacheKey(key);
  if (!parts) return false;
  return (
    (scope === undefined || scope === parts.scope) &&
    (task === undefined || task === parts.task) &&
    (model === undefined || [model].flat().includes(parts.model))
  );
}

/** Characters of a value that its creation time takes, with some to spare: no more of it need be read. */
export const AGE_CHARS = 24;

/** Whether a value was stored long enough ago. It starts with its creation time; one that does not is old. */
export function isOldEnough(value: string, { olderThanMs }: CacheFilter, now: number): boolean {
  if (olderThanMs === undefined) return true;
  const [digits] = /^\d{1,16}(?= )/.exec(value.slice(0, AGE_CHARS)) ?? [];
  return digits === undefined || now - Number(digits) >= olderThanMs;
}
