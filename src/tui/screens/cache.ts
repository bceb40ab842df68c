import { columns, type Look, plain, span } from '../look.js';
import { tuiMessages } from '../messages.js';
import type { TopModel } from '../model.js';

/** What can be chosen here: a group of cached answers, or a user. */
export type CacheChoice =
  | { kind: 'group'; scope: string; task: string; model: string; entries: number }
  | { kind: 'user'; scope: string; user: string };

/** The lines that can be chosen, in the order in which they are shown, the heads left out. */
export function cacheChoices({ store }: TopModel): CacheChoice[] {
  return [
    ...(store?.cache?.groups ?? []).map(({ scope, task, model, entries }) => ({
      kind: 'group' as const,
      scope,
      task,
      model,
      entries,
    })),
    ...(store?.users?.top ?? []).map(({ scope, user }) => ({ kind: 'user' as const, scope, user })),
  ];
}

/** Groups of answers and users; `chosen` counts the lines of `cacheChoices`. */
export function cache({ store }: TopModel, look: Look): { head: string[]; rows: string[]; between: number } {
  if (!store) return { head: [tuiMessages.noStoreYet], rows: [], between: 0 };
  const groups = (store.cache?.groups ?? []).map(({ scope, task, model, entries }) => [
    plain(task),
    plain(model),
    plain(scope),
    tuiMessages.answers(entries),
  ]);
  const users = (store.users?.top ?? []).map(({ user, scope, calls, newestAgeMs }) => [
    plain(user),
    plain(scope),
    store.limit === 0 ? tuiMessages.callsUnlimited(calls) : tuiMessages.callsOf(calls, store.limit),
    tuiMessages.ago(span(newestAgeMs)),
  ]);
  const place = `${store.kind} (${plain(store.location)})`;
  const [groupRows, userRows] = [columns(groups), columns(users)];
  const counts = tuiMessages.kept(store.cache?.entries ?? 0, store.users?.users ?? 0);
  return {
    head: [`${look.paint('bold', place)}   ${counts}`],
    rows: [...groupRows, ...userRows],
    between: groupRows.length,
  };
}
