import type { CacheFilter, StoreAdmin } from './contract.js';
import { isOldEnough, matchesFilter } from './filter.js';
import { ALL_LIMITS } from './keys.js';
import type { MemoryCache } from './memory-cache.js';
import { GroupTally, UserTally } from './tally.js';
import { type Step, walk } from './walk.js';

/** Keys of one step. */
const STEP = 500;

/** What an administrator may do with a store that is two maps of this process. */
export function memoryAdmin(
  cache: MemoryCache,
  logs: Map<string, number[]>,
  clock: () => number,
): StoreAdmin {
  /** Whether a key's answer is a living one that the filter means. */
  function meantBy(filter: CacheFilter): (key: string) => boolean {
    const now = clock();
    cache.dropExpired(now);
    return (key) => {
      const value = matchesFilter(key, filter) ? cache.look(key, now) : null;
      return value !== null && isOldEnough(value, filter, now);
    };
  }

  return {
    async clearCache(filter, options = {}) {
      const isMeant = meantBy(filter);
      const { matched, complete } = await walkKeys(cache.keys(), options, (key) => {
        if (!isMeant(key)) return false;
        if (!options.dryRun) cache.drop(key);
        return true;
      });
      return { removed: matched, complete };
    },
    async cacheStats(filter, options) {
      const isMeant = meantBy(filter);
      const groups = new GroupTally();
      const { matched: entries, complete } = await walkKeys(cache.keys(), options, (key) => {
        if (!isMeant(key)) return false;
        groups.addKey(key);
        return true;
      });
      const { bytes: usedBytes, bounds } = cache;
      return { entries, groups: groups.sorted(), usedBytes, maxBytes: bounds.maxBytes, complete };
    },
    async users(windowMs, top, options) {
      const tally = new UserTally(top);
      const { complete } = await walkKeys([...logs.keys()], options, (key) => {
        const before = tally.users;
        tally.addLog(key, logs.get(key) ?? [], clock(), windowMs);
        return tally.users > before;
      });
      return { users: tally.users, top: tally.sorted(), complete };
    },
    async reset(key) {
      return logs.delete(key);
    },
    async resetAll(options) {
      const walked = walkKeys(
        [...logs.keys()],
        options,
        (key) => key.startsWith(ALL_LIMITS) && logs.delete(key),
      );
      const { matched, complete } = await walked;
      return { removed: matched, complete };
    },
  };
}

/** @param visit says whether the key was meant */
function walkKeys(
  keys: readonly string[],
  options: Parameters<typeof walk>[1],
  visit: (key: string) => boolean,
): ReturnType<typeof walk> {
  const step = async (after: string | null): Promise<Step> => {
    const from = Number(after ?? 0);
    const some = keys.slice(from, from + STEP);
    const matched = some.filter(visit).length;
    const next = from + STEP < keys.length ? String(from + STEP) : null;
    return { scanned: some.length, matched, total: keys.length, next };
  };
  return walk(step, options);
}
