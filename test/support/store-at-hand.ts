import type { AddressInfo } from 'node:net';
import { createServer, connect as dial } from 'node:net';
import path from 'node:path';
// The built stores: the embedded one's file is held by a process of its own, which runs from dist.
import { createEmbeddedStore } from '../../dist/stores/embedded.js';
import { openStore } from '../../dist/stores/open.js';
import type { Store } from '../../src/stores/contract.js';
import type { Operator } from './cli.js';
import { RedisServer, redisIsMissing } from './redis-server.js';

export type Kind = 'embedded' | 'redis';
export const KINDS: readonly Kind[] = redisIsMissing ? ['embedded'] : ['embedded', 'redis'];

/** The very store that an operator's commands work on, opened by the test as well. */
export interface StoreAtHand {
  store: Store;
  /** What names it to a command or a program. */
  env: Record<string, string>;
  /** The same, but so far away that work on it can be interrupted. */
  slowly: () => Promise<AsyncDisposable & { env: Record<string, string> }>;
  /** Of Redis: its process, to be frozen. */
  server?: RedisServer;
  close: () => Promise<void>;
}

export async function storeAtHand(kind: Kind, operator: Operator): Promise<StoreAtHand> {
  if (kind === 'embedded') {
    const folder = path.join(operator.env.BOTLLM_HOME ?? '', 'store');
    const store = createEmbeddedStore({ folder, timeoutMs: 10_000, openTimeoutMs: 10_000 });
    const slowly = async () => ({ env: {}, [Symbol.asyncDispose]: async () => {} });
    return { store, env: {}, slowly, close: () => store.close() };
  }
  const server = await RedisServer.start();
  const store = await openStore({ kind: 'redis', url: server.url, patient: true });
  return {
    store,
    server,
    env: { REDIS_URL: server.url },
    slowly: () => farAway(server.port),
    async close() {
      await store.close();
      await server.stop();
    },
  };
}

const DELAY_MS = 20;

/** A road to a Redis on which every piece of data needs its time. */
async function farAway(port: number): Promise<AsyncDisposable & { env: Record<string, string> }> {
  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1');
    const carry = (from: typeof near, to: typeof near) => {
      from.on('data', (some) => setTimeout(() => to.write(some), DELAY_MS));
      from.on('error', () => undefined).on('close', () => to.destroy());
    };
    carry(near, far);
    carry(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    env: { REDIS_URL: `redis://127.0.0.1:${own}` },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
