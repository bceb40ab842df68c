import { prettySize } from '../../size.js';
import type { CacheStats } from '../../stores/contract.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { type Place, placeOf, placeText, withStore } from '../store.js';
import { fields, type Style } from '../style.js';
import { cell, table } from '../table.js';
import { exitOfWork, watched } from '../watched.js';

/** Groups that a person is shown; JSON has them all. */
const SHOWN = 20;

export const cache: CommandSpec = {
  path: 'cache',
  summary: 'what the cache of answers holds, by task, model and scope',
  examples: ['botllm cache', 'botllm cache --json'],
  handler: async (ctx) =>
    withStore(ctx, async (store) => {
      const stats = await watched(ctx, messages.cacheCounting, (options) => store.cacheStats({}, options));
      const place = placeOf(store);
      return {
        schema: 'cache',
        data: { store: place, ...stats },
        text: (style) => describe(place, stats, style),
        exitCode: exitOfWork(ctx, stats.complete),
      };
    }),
};

function describe(place: Place, stats: CacheStats, style: Style): string {
  const { entries, groups, usedBytes, maxBytes, complete } = stats;
  const size = usedBytes === null ? undefined : prettySize(usedBytes);
  const head = fields(
    [
      ['store', placeText(place)],
      ['entries', complete ? String(entries) : messages.soFar(entries)],
      ['size', size && maxBytes !== null ? messages.sizeOf(size, prettySize(maxBytes)) : size],
    ],
    style,
  );
  if (entries === 0) return complete ? `${head}\n${messages.cacheEmpty}` : head;
  const rows = groups
    .slice(0, SHOWN)
    .map(({ task, model, scope, entries: count }) => [cell(task), cell(model), cell(scope), String(count)]);
  const named = groups.reduce((sum, group) => sum + group.entries, 0);
  const parts = [
    head,
    ...(rows.length > 0 ? ['', table(['task', 'model', 'scope', 'entries'], rows)] : []),
    ...(groups.length > SHOWN ? [messages.moreGroups(groups.length - SHOWN)] : []),
    ...(named < entries ? [messages.cacheOtherVersions(entries - named)] : []),
  ];
  return parts.join('\n');
}
