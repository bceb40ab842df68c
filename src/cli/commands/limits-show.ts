import { LIMIT_WINDOW_MS } from '../../client/quota.js';
import type { Store } from '../../stores/contract.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { leftOf, limitOf, logOf, SCOPE_OPTION, type UserLog } from '../rate-limit.js';
import { placeOf, placeText, withStore } from '../store.js';
import { fields } from '../style.js';
import { cell } from '../table.js';

export const limitsShow: CommandSpec = {
  path: 'limits show',
  summary: 'what a user has used of his limit, what is left, and until when; takes nothing of it',
  arguments: [{ name: '<user>', description: 'his id, or as `botllm limits` lists him', values: 'users' }],
  options: [SCOPE_OPTION],
  examples: ['botllm limits show 42', 'botllm limits show 42 --scope my-bot --json'],
  handler: async (ctx, { arguments: [named = ''], options }) => {
    const log = logOf(named, options.scope as string | undefined);
    const limit = limitOf(ctx.settings);
    return withStore(ctx, async (store) => {
      const found = await look(store, log, limit);
      const { used, left, retryAfterMs, resetMs } = found;
      const place = placeOf(store);
      const { user, scope } = log;
      return {
        schema: 'limits.show',
        data: { store: place, user, scope, limit, windowMs: LIMIT_WINDOW_MS, ...found },
        text: (style) =>
          fields(
            [
              ['store', placeText(place)],
              ['user', cell(user)],
              ['scope', cell(scope)],
              ['limit', messages.limitIs(limit, LIMIT_WINDOW_MS / 1000)],
              ['used', String(used)],
              ['left', messages.limitLeft(left)],
              ['next', retryAfterMs > 0 ? messages.inTime(Math.ceil(retryAfterMs / 1000)) : undefined],
              ['all free', used > 0 ? messages.inTime(Math.ceil(resetMs / 1000)) : undefined],
            ],
            style,
          ),
      };
    });
  },
};

interface Found {
  used: number;
  left: number | null;
  retryAfterMs: number;
  resetMs: number;
}

/** Without a limit of ours the calls are shown that others, who have one, may have counted. */
async function look(store: Store, { key }: UserLog, limit: number): Promise<Found> {
  const most = limit === 0 ? 1_000_000 : limit;
  const { remaining, retryAfterMs, resetMs } = await store.peek(key, most, LIMIT_WINDOW_MS);
  const used = most - remaining;
  return { used, left: leftOf(limit, used), retryAfterMs, resetMs };
}
