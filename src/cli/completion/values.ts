import type { CacheGroup } from '../../stores/contract.js';
import type { Context } from '../context.js';
import type { ValueSource } from '../define.js';
import { withStore } from '../store.js';
import type { Candidate } from './candidates.js';

/** Of a store with more users than this, the most active are offered. */
const MOST_USERS = 50;
const LONGEST_MS = 1_000;

/** The values of one kind, as they are now. A suggestion is never an error: what cannot be asked is empty. */
export async function valuesOf(source: ValueSource, ctx: Context): Promise<Candidate[]> {
  const found = await orNothing(SOURCES[source](ctx));
  return [...new Map(found.map((one) => [one.value, one])).values()];
}

const SOURCES: Readonly<Record<ValueSource, (ctx: Context) => Promise<Candidate[]>>> = {
  async models({ layout }) {
    const { listModels } = await import('../../models/installed.js');
    const models = await listModels(layout.models);
    return models.map(({ name, entry }) => ({ value: name, description: entry?.title ?? '' }));
  },
  users,
  async scopes(ctx) {
    const [calling, cached] = await Promise.all([
      orNothing(users(ctx, 'scope')),
      orNothing(ofCache(ctx, 'scope')),
    ]);
    return [...calling, ...cached];
  },
  async tasks(ctx) {
    const own = ['intent', 'validate', 'menu', 'improve'].map((value) => ({ value, description: '' }));
    // A bot may have tasks of its own.
    return [...own, ...(await orNothing(ofCache(ctx, 'task')))];
  },
  async events() {
    const { LlmEvent } = await import('../../observability/events.js');
    return LlmEvent.options.map(({ shape }) => ({ value: shape.event.value, description: '' }));
  },
};

async function users(ctx: Context, part: 'user' | 'scope' = 'user'): Promise<Candidate[]> {
  const { LIMIT_WINDOW_MS } = await import('../../client/quota.js');
  const { top } = await withStore(ctx, (store) =>
    store.users(LIMIT_WINDOW_MS, MOST_USERS, { signal: soon(ctx) }),
  );
  return top.map((one) => ({
    value: one[part],
    description: part === 'user' ? `${one.scope} ${one.calls}` : '',
  }));
}

async function ofCache(ctx: Context, part: keyof CacheGroup & ('task' | 'scope')): Promise<Candidate[]> {
  const { groups } = await withStore(ctx, (store) => store.cacheStats({}, { signal: soon(ctx) }));
  return groups.map((group) => ({ value: group[part], description: '' }));
}

/** A store that is slow has told enough by then. */
function soon({ signal }: Context): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
}

function orNothing(found: Promise<Candidate[]>): Promise<Candidate[]> {
  return found.catch(() => []);
}
