import type { CacheFilter } from '../../stores/contract.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { namesOfModel } from '../model-names.js';
import { parse } from '../parse.js';
import { placeOf, storeText, withStore } from '../store.js';
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
    { flags: '--scope <name>', description: 'only of this bot or tenant', parse: parse.name },
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
