import type { CacheFilter, Store } from '../../stores/contract.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { namesOfModel } from '../model-names.js';
import { parse } from '../parse.js';
import { placeOf, storeText, withStore } from '../store.js';
import { cell } from '../table.js';
import { exitOfWork, watched } from '../watched.js';

interface Given {
  task?: string;
  model?: string;
  scope?: string;
  olderThan?: number;
  dryRun?: true;
}

export const cacheClear: CommandSpec = {
  path: 'cache clear',
  summary: 'remove cached answers: all of them, or those that the options name',
  options: [
    {
      flags: '--task <name>',
      values: 'tasks',
      description: 'only of this task: intent, menu, … or one of yours',
      parse: parse.name,
    },
    {
      flags: '--model <name>',
      values: 'models',
      description: 'only of this model; an alias means all its names',
      parse: parse.name,
    },
    {
      flags: '--scope <name>',
      values: 'scopes',
      description: 'only of this bot or tenant',
      parse: parse.name,
    },
    {
      flags: '--older-than <time>',
      description: 'only those kept for at least this long, e.g. 10m',
      parse: parse.duration,
    },
    { flags: '--dry-run', description: 'only count what would go' },
  ],
  // No question asked: a cache of minutes is no loss.
  examples: [
    'botllm cache clear',
    'botllm cache clear --task intent --model phi3-mini --older-than 10m --dry-run',
  ],
  handler: async (ctx, { options }) => {
    const { task, model, scope, olderThan, dryRun = false } = options as Given;
    const filter: CacheFilter = {
      ...(task === undefined ? {} : { task }),
      ...(model === undefined ? {} : { model: namesOfModel(model) }),
      ...(scope === undefined ? {} : { scope }),
      ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
    };
    return withStore(ctx, async (store) => {
      const { removed, complete } = await watched(
        ctx,
        dryRun ? messages.cacheCounting : messages.cacheClearing,
        (watch) => store.clearCache(filter, { ...watch, dryRun }),
        dryRun ? undefined : messages.cacheBroken,
      );
      if (task !== undefined && removed === 0 && complete) await nameTasks(ctx, store, task);
      const place = placeOf(store);
      const say = messages[dryRun ? 'cacheWouldClear' : 'cacheCleared'][complete ? 'done' : 'halted'];
      return {
        schema: 'cache.clear',
        data: { store: place, filter, dryRun, removed: dryRun ? 0 : removed, matched: removed, complete },
        text: () => say(removed, storeText(place)),
        exitCode: exitOfWork(ctx, complete),
      };
    });
  },
};

/** A task may be anybody's own, so a slip of the pen is no error; but whoever made it sees what there is. */
async function nameTasks(ctx: Context, store: Store, task: string): Promise<void> {
  const { groups } = await watched(ctx, messages.cacheCounting, (options) => store.cacheStats({}, options));
  const held = [...new Set(groups.map((group) => group.task))];
  if (held.length > 0 && !held.includes(task)) ctx.out.note(messages.cacheNoTask(cell(task), held.map(cell)));
}
