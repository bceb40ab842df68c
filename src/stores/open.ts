import { BotllmError } from '../errors.js';
import type { Store } from './contract.js';
import { storeMessages } from './messages.js';

export interface OpenStoreOptions {
  kind: 'redis' | 'embedded' | 'memory';
  /** Where the embedded store lies; needed for it. */
  folder?: string;
  /** Of the Redis store; needed for it. */
  url?: string;
  /** Milliseconds since the epoch. Redis goes by its own, but for the age of answers. */
  clock?: () => number;
  /** Redis is full and did not keep an answer. */
  onSkippedWrite?: () => void;
  /** For a command that a person waits for: every call may take a second, also to connect again. */
  patient?: boolean;
}

/**
 * Makes a store. Only the kind that is asked for is loaded, and lmdb (only by the process that holds the file) and
 * ioredis on the first call.
 * @throws BotllmError `BAD_CONFIG` for an embedded store without a folder, a Redis store without a good address
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { kind, folder, url, clock, onSkippedWrite, patient = false } = options;
  const bounds = patient ? { timeoutMs: 1_000 } : {};
  if (kind === 'memory') {
    const { createMemoryStore } = await import('./memory.js');
    return createMemoryStore(clock ? { clock } : {});
  }
  if (kind === 'redis') {
    if (url === undefined) throw new BotllmError('BAD_CONFIG', storeMessages.needsUrl);
    const { createRedisStore } = await import('./redis/store.js');
    return createRedisStore({ url, clock, onSkippedWrite, patient, ...bounds });
  }
  if (folder === undefined) throw new BotllmError('BAD_CONFIG', storeMessages.needsFolder);
  const { createEmbeddedStore } = await import('./embedded.js');
  return createEmbeddedStore({ folder, clock, ...bounds });
}

export interface NamedStoreOptions extends Omit<OpenStoreOptions, 'kind' | 'url'> {
  /** A Redis, or `none`. */
  redisUrl?: string | undefined;
}

/**
 * The store that settings name, the same for every program that has the same settings: the Redis of `redisUrl`, else
 * the embedded one in `folder`.
 */
export function openNamedStore({ redisUrl, ...options }: NamedStoreOptions): Promise<Store> {
  if (redisUrl === undefined || redisUrl === 'none') return openStore({ ...options, kind: 'embedded' });
  return openStore({ ...options, kind: 'redis', url: redisUrl });
}
