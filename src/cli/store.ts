import { runningRedis } from '../settings/running-engine.js';
import type { Store } from '../stores/contract.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { printable } from './style.js';

/** Which store a command worked on; every one of them prints it. */
export type Place = Pick<Store, 'kind' | 'location'>;

/** Opens the store that the settings name, the very one that a bot with these settings uses, and closes it again. */
export async function withStore<T>(
  { layout, settings: { redisUrl } }: Context,
  use: (store: Store) => Promise<T>,
): Promise<T> {
  const { openNamedStore } = await import('../stores/open.js');
  const store = await openNamedStore({
    redisUrl: redisUrl ?? runningRedis(layout),
    folder: layout.store,
    patient: true,
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

export function placeOf({ kind, location }: Store): Place {
  return { kind, location };
}

/** As a field: `embedded (/home/me/.botllm/store)`. */
export function placeText({ kind, location }: Place): string {
  return printable(messages.place(kind, location));
}

/** In a sentence: `the embedded store (…)`. */
export function storeText({ kind, location }: Place): string {
  return printable(messages.inStore(kind, location));
}
