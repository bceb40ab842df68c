import type { Redis } from 'ioredis';
import type { AdminOptions, CacheFilter, Cleared, StoreAdmin } from '../contract.js';
import { AGE_CHARS, isOldEnough, matchesFilter } from '../filter.js';
import { ALL_CACHE, ALL_LIMITS, CACHE_PREFIX, LIMIT_PREFIX, segment } from '../keys.js';
import { GroupTally, UserTally } from '../tally.js';
import { walk } from '../walk.js';
import type { Client } from './connect.js';
import { replyCode } from './failure.js';
import { msOf, stampsOf } from './limiter-script.js';
import type { RedisLink } from './link.js';
import { masters, replies, scan, type Visit } from './scan.js';

/** What an administrator may do with Redis: keys are looked through and removed some at a time, others go between. */
export function redisAdmin(link: RedisLink, clock: () => number): StoreAdmin {
  async function clear(glob: string, visit: Visit, options: AdminOptions | undefined): Promise<Cleared> {
    const { matched, complete } = await walk(scan(link, glob, visit), options);
    return { removed: matched, complete };
  }

  async function meant(node: Redis, keys: string[], filter: CacheFilter): Promise<string[]> {
    const named = keys.filter((key) => matchesFilter(key, filter));
    if (filter.olderThanMs === undefined || named.length === 0) return named;
    const starts = await replies(
      node,
      named.map((key) => ['getrange', key, 0, AGE_CHARS - 1]),
    );
    const now = clock();
    // What is no text tells no age.
    return named.filter((_, i) => isOldEnough(typeof starts[i] === 'string' ? starts[i] : '', filter, now));
  }

  return {
    clearCache: (filter, options = {}) =>
      clear(
        cacheGlob(filter),
        async (node, keys, client) => {
          const those = await meant(node, keys, filter);
          return options.dryRun ? those.length : unlink(node, those, client);
        },
        options,
      ),
    async cacheStats(filter, options) {
      const groups = new GroupTally();
      const { removed: entries, complete } = await clear(
        cacheGlob(filter),
        async (node, keys) => {
          const those = await meant(node, keys, filter);
          for (const key of those) groups.addKey(key);
          return those.length;
        },
        options,
      );
      return { entries, groups: groups.sorted(), ...(await memory(link)), complete };
    },
    async users(windowMs, top, options) {
      const tally = new UserTally(top);
      const seen = new Set<string>();
      const { complete } = await clear(
        `${LIMIT_PREFIX}*`,
        async (node, keys) => {
          const before = tally.users;
          const fresh = keys.filter((key) => !seen.has(key));
          const [time, ...logs] = await replies(node, [
            ['time'],
            ...fresh.map((key): [string, string, number, number] => ['lrange', key, 0, -1]),
          ]);
          for (const [i, key] of fresh.entries()) {
            seen.add(key);
            tally.addLog(key, stampsOf(logs[i]), msOf(time), windowMs);
          }
          return tally.users - before;
        },
        options,
      );
      return { users: tally.users, top: tally.sorted(), complete };
    },
    reset: (key) => link.run(async (client) => (await client.unlink(key)) > 0),
    resetAll: (options) =>
      clear(`${ALL_LIMITS}*`, (node, keys, client) => unlink(node, keys, client), options),
  };
}

/**
 * What SCAN need not show at all; whether a key is meant is `matchesFilter`'s to say. Of a glob's own characters a
 * name in a key may hold `*` alone, which shows more and not less.
 */
function cacheGlob({ scope, task, model }: CacheFilter): string {
  if (scope === undefined && task === undefined && model === undefined) return `${ALL_CACHE}*`;
  const names = [scope, task, model].map((name) => (typeof name === 'string' ? segment(name) : '*'));
  return `${CACHE_PREFIX}${names.join(':')}:*`;
}

/** @returns how many were there: one that was seen twice goes once */
async function unlink(node: Redis, keys: string[], client: Client): Promise<number> {
  if (keys.length === 0) return 0;
  if (!client.isCluster) return node.unlink(keys);
  // Keys of different slots may not stand in one command, even where one server holds both.
  const removed = await replies(
    node,
    keys.map((key) => ['unlink', key]),
  );
  const counts = keys.map((key, i) => {
    const reply = removed[i];
    if (typeof reply === 'number') return reply;
    // The key has moved to another server, or is about to.
    if (/^(MOVED|ASK|TRYAGAIN)$/.test(replyCode(reply))) return client.unlink(key);
    throw reply;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** Of all masters together; null where an operator may not be told. */
async function memory(link: RedisLink): Promise<{ usedBytes: number | null; maxBytes: number | null }> {
  const nodes = await masters(link);
  const infos = await link.run(() => Promise.all(nodes.map((node) => replies(node, [['info', 'memory']]))));
  const sum = (field: string) =>
    infos.reduce((total, [info]) => {
      const [, digits] = new RegExp(`^${field}:(\\d+)`, 'm').exec(String(info)) ?? [];
      return total + Number(digits ?? 0);
    }, 0);
  return { usedBytes: sum('used_memory') || null, maxBytes: sum('maxmemory') || null };
}
