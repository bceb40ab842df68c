import { BotllmError } from '../../errors.js';
import { confirm } from '../confirm.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import type { Outcome } from '../output.js';
import { logOf, SCOPE_OPTION } from '../rate-limit.js';
import { placeOf, storeText, withStore } from '../store.js';
import { printable } from '../style.js';
import { exitOfWork, watched } from '../watched.js';

const WITH_YES = 'botllm limits reset --all --yes';

export const limitsReset: CommandSpec = {
  path: 'limits reset',
  summary: "forget a user's calls, or those of all users: they begin with a full limit",
  arguments: [{ name: '[user]', description: 'his id, or as `botllm limits` lists him', values: 'users' }],
  options: [
    SCOPE_OPTION,
    { flags: '--all', description: 'all users of all scopes' },
    { flags: '-y, --yes', description: 'with --all: do not ask' },
  ],
  examples: ['botllm limits reset 42', 'botllm limits reset 42 --scope my-bot', WITH_YES],
  handler: async (ctx, { arguments: [named], options }) => {
    const { scope, all, yes } = options as { scope?: string; all?: true; yes?: true };
    if (all && (named !== undefined || scope !== undefined)) {
      throw new BotllmError('USAGE', messages.resetAllOrOne, { hint: messages.noUserHint });
    }
    return all ? resetAll(ctx, yes === true) : resetOne(ctx, named ?? '', scope);
  },
};

async function resetOne(ctx: Context, named: string, scope: string | undefined): Promise<Outcome> {
  const { key, ...who } = logOf(named, scope);
  return withStore(ctx, async (store) => {
    const had = await store.reset(key);
    const place = placeOf(store);
    const say = had ? messages.resetDone : messages.resetNothing;
    return {
      schema: 'limits.reset',
      data: { store: place, ...who, removed: Number(had), complete: true },
      text: () => say(printable(named), storeText(place)),
    };
  });
}

async function resetAll(ctx: Context, isSure: boolean): Promise<Outcome> {
  return withStore(ctx, async (store) => {
    const place = placeOf(store);
    const data = { store: place, user: null, scope: null };
    const where = storeText(place);
    if (!isSure && !(await confirm(ctx, messages.resetQuestion(where), WITH_YES))) {
      const text = () => messages.resetDeclined;
      return { schema: 'limits.reset', data: { ...data, removed: 0, complete: false }, text };
    }
    const { removed, complete } = await watched(
      ctx,
      messages.limitsClearing,
      (watch) => store.resetAll(watch),
      messages.resetBroken,
    );
    return {
      schema: 'limits.reset',
      data: { ...data, removed, complete },
      text: () => (complete ? messages.resetAllDone : messages.resetHalted)(removed, where),
      exitCode: exitOfWork(ctx, complete),
    };
  });
}
