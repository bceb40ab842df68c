import type { CacheFilter } from './contract.js';
import { parseCacheKey } from './keys.js';

/** Whether an admin command that names `filter` means this key: only cached answers, whole names only. */
export function matchesFilter(key: string, filter: CacheFilter): boolean {
  const parts = parseCacheKey(key);
  if (!parts) return false;
  return (
    (filter.scope === undefined || filter.scope === parts.scope) &&
    (filter.task === undefined || filter.task === parts.task) &&
    (filter.model === undefined || filter.model === parts.model)
  );
}
