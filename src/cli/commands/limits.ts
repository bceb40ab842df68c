import { LIMIT_WINDOW_MS } from '../../client/quota.js';
import type { UsersFound } from '../../stores/contract.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { parse } from '../parse.js';
import { leftOf, limitOf } from '../rate-limit.js';
import { type Place, placeOf, placeText, withStore } from '../store.js';
import { fields, type Style } from '../style.js';
import { cell, table } from '../table.js';
import { exitOfWork, watched } from '../watched.js';

export const limits: CommandSpec = {
  path: 'limits',
  summary: 'the users with the most calls in the last minute, and what each has left',
  options: [{ flags: '--top <n>', description: 'how many of them (20)', parse: parse.count(1, 10_000) }],
  examples: ['botllm limits', 'botllm limits --top 5 --json'],
  handler: async (ctx, { options }) => {
    const { top = 20 } = options as { top?: number };
    const limit = limitOf(ctx.settings);
    return withStore(ctx, async (store) => {
      const found = await watched(ctx, messages.limitsCounting, (watch) =>
        store.users(LIMIT_WINDOW_MS, top, watch),
      );
      const place = placeOf(store);
      const users = found.top.map((user) => ({ ...user, left: leftOf(limit, user.calls) }));
      return {
        schema: 'limits',
        data: { store: place, limit, windowMs: LIMIT_WINDOW_MS, ...found, top: users },
        text: (style) => describe(place, limit, found, style),
        exitCode: exitOfWork(ctx, found.complete),
      };
    });
  },
};

function describe(place: Place, limit: number, { users, top, complete }: UsersFound, style: Style): string {
  const head = fields(
    [
      ['store', placeText(place)],
      ['limit', messages.limitIs(limit, LIMIT_WINDOW_MS / 1000)],
      ['users', complete ? String(users) : messages.soFar(users)],
    ],
    style,
  );
  if (top.length === 0) return complete ? `${head}\n${messages.limitsNobody}` : head;
  const rows = top.map(({ user, scope, calls, newestAgeMs }) => [
    cell(user),
    cell(scope),
    String(calls),
    messages.limitLeft(leftOf(limit, calls)),
    messages.ago(Math.round(newestAgeMs / 1000)),
  ]);
  return `${head}\n\n${table(['user', 'scope', 'calls', 'left', 'last'], rows)}`;
}
