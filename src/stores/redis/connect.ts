import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { RedisAddress } from './address.js';
import { replyCode } from './failure.js';

export type Client = Redis | Cluster;

/** Longest pause between two tries to connect, before up to 200 ms of jitter: Redis is back in use within seconds. */
const LONGEST_RETRY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 500;
/** How long a connection that is given up may take to say goodbye. */
const GOODBYE_MS = 200;
/** How soon a cluster's new layout is known that no redirection told. */
const LAYOUT_MS = 2_000;

/**
 * A client for one server. It fails fast: nothing is queued while there is no connection, nothing is sent twice
 * (a command whose reply was lost may have been done), every reply is waited for `timeoutMs` at most.
 */
export async function singleClient(address: RedisAddress, timeoutMs: number): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const [{ host, port }] = address.nodes;
  return new Redis({
    ...common(address, timeoutMs),
    host,
    port,
    db: address.db,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: retryDelay,
  });
}

/** The same for a cluster, of which some nodes are known. Redirections are followed: they were not done. */
export async function clusterClient(address: RedisAddress, timeoutMs: number): Promise<Cluster> {
  const { Cluster } = await import('ioredis');
  return new Cluster([...address.nodes], {
    redisOptions: common(address, timeoutMs),
    lazyConnect: true,
    // Of the cluster itself: among redisOptions it would be ignored.
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelay,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    slotsRefreshInterval: LAYOUT_MS,
    // A certificate is for a name: ioredis would look its address up and connect to that.
    ...(address.tls ? { dnsLookup: (name, found) => found(null, name) } : {}),
  });
}

/** Whether a server is a node of a cluster; one that may not be asked is taken as it is. */
export async function isClusterNode(client: Redis): Promise<boolean> {
  try {
    return /^cluster_enabled:1/m.test(await client.info('cluster'));
  } catch (error) {
    if (replyCode(error) === 'NOPERM') return false;
    throw error;
  }
}

function common({ username, password, tls }: RedisAddress, timeoutMs: number) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    connectionName: 'botllm',
    disableClientInfo: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: GOODBYE_MS,
    // For the handshake, and for what a call no longer waits for.
    commandTimeout: 2 * timeoutMs,
    maxRetriesPerRequest: 0,
    // A server that loads its data says so itself; the check would print what it may not ask.
    enableReadyCheck: false,
    // A primary that became a replica: the name may mean another server by now.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
}

function retryDelay(times: number): number {
  return Math.min(25 * 2 ** times, LONGEST_RETRY_MS) + Math.random() * 200;
}
