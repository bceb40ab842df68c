import type { StoreAdmin } from './contract.js';
import type { KeeperLink } from './keeper-link.js';
import { GroupTally, UserTally } from './tally.js';
import { walk } from './walk.js';

/** The long commands, as steps of which each is one short transaction: nobody waits long for the lock. */
export function embeddedAdmin(link: KeeperLink, maxBytes: number): StoreAdmin {
  return {
    async clearCache(filter, options = {}) {
      const { dryRun = false } = options;
      const { matched, complete } = await walk(
        (after) => link.step('clearSome', filter, dryRun, after),
        options,
      );
      return { removed: matched, complete };
    },
    async cacheStats(filter, options) {
      const groups = new GroupTally();
      const { matched, complete } = await walk(
        (after) => link.step('countSome', filter, after),
        options,
        (some) => groups.merge(some.groups),
      );
      const usedBytes = await link.step('cacheBytes');
      return { entries: matched, groups: groups.sorted(), usedBytes, maxBytes, complete };
    },
    async users(windowMs, top, options) {
      const tally = new UserTally(top);
      const { complete } = await walk(
        (after) => link.step('usersSome', windowMs, top, after),
        options,
        ({ matched, top }) => tally.merge({ users: matched, top }),
      );
      return { users: tally.users, top: tally.sorted(), complete };
    },
    reset: (key) => link.step('reset', key),
    async resetAll(options) {
      const { matched, complete } = await walk((after) => link.step('resetSome', after), options);
      return { removed: matched, complete };
    },
  };
}
