import { BotllmError } from '../errors.js';
import type { Store } from './contract.js';
import { storeMessages } from './messages.js';

export interface OpenStoreOptions {
  kind: 'embedded' | 'memory';
  /** Where the embedded store lies; needed for it. */
  folder?: string;
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

/**
 * Makes a store. Only the kind that is asked for is loaded, and lmdb only by the process that holds the file, on
 * the first call.
 * @throws BotllmError `BAD_CONFIG` for an embedded store without a folder
 */
export async function openStore({ kind, folder, clock }: OpenStoreOptions): Promise<Store> {
  if (kind === 'memory') {
    const { createMemoryStore } = await import('./memory.js');
    return createMemoryStore(clock ? { clock } : {});
  }
  if (folder === undefined) throw new BotllmError('BAD_CONFIG', storeMessages.needsFolder);
  const { createEmbeddedStore } = await import('./embedded.js');
  return createEmbeddedStore({ folder, clock });
}
