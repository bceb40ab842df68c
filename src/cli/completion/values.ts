import type { Context } from '../context.js';
import type { ValueSource } from '../define.js';
import { withStore } from '../store.js';
import type { Candidate } from './candidates.js';

/** Of a store with more users than this, the most active are offered. */
const MOST_USERS = 50;
const LONGEST_MS = 1_000;

/** The values of one kind, as they are now. A suggestion is never an error: what cannot be asked is empty. */
export async function valuesOf(source: ValueSource, ctx: Context): Promise<Candidate[]> {
  try {
    return await SOURCES[source](ctx);
  } catch {
    return [];
  }
}

const SOURCES: Readonly<Record<ValueSource, (ctx: Context) => Promise<Candidate[]>>> = {
  async models({ layout }) {
    const { listModels } = await import('../../models/installed.js');
    const models = await listModels(layout.models);
    return models.map(({ name, entry }) => ({ value: name, description: entry?.title ?? '' }));
  },
  async users(ctx) {
    const { LIMIT_WINDOW_MS } = await import('../../client/quota.js');
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(LONGEST_MS)]);
    const { top } = await withStore(ctx, (store) => store.users(LIMIT_WINDOW_MS, MOST_USERS, { signal }));
    return top.map(({ user, scope, calls }) => ({ value: user, description: `${scope} ${calls}` }));
  },
  async tasks() {
    return ['intent', 'validate', 'menu', 'improve'].map((value) => ({ value, description: '' }));
  },
  async events() {
    const { LlmEvent } = await import('../../observability/events.js');
    return LlmEvent.options.map(({ shape }) => ({ value: shape.event.value, description: '' }));
  },
};
