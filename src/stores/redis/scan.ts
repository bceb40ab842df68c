import type { Cluster, Redis } from 'ioredis';
import { storeMessages } from '../messages.js';
import type { Step } from '../walk.js';
import type { Client } from './connect.js';
import { replyCode } from './failure.js';
import type { RedisLink } from './link.js';

/**
 * Keys that one SCAN visits. More is not faster, and other clients wait for it and for the UNLINK of what it found
 * (1,000,000 keys: p99 of another client 0.7 ms at 100, 3 ms at 1,000, 59 ms at 10,000).
 */
const KEYS_PER_STEP = 500;

/** A look at some keys of one server; says how many of them were meant. `client` knows where a key has moved to. */
export type Visit = (node: Redis, keys: string[], client: Client) => Promise<number>;

type Command = [name: string, ...args: (string | number)[]];

/** The servers that hold keys: of a cluster, its masters. */
export function masters(link: RedisLink): Promise<Redis[]> {
  return link.run(async (client) => {
    const nodes = client.isCluster ? (client as Cluster).nodes('master') : [client as Redis];
    if (nodes.length === 0) throw new Error(storeMessages.noMasters);
    return nodes;
  });
}

/**
 * The keys of all masters that match a glob, some at a time, for `walk`. The next ones are on their way while some are
 * visited. As SCAN does, it may show a key twice while the keys move (Redis shrinks its table, slots move).
 */
export function scan(link: RedisLink, glob: string, visit: Visit): () => Promise<Step> {
  let nodes: Redis[] | undefined;
  let total: number | null = null;
  let at = 0;
  let ahead: Promise<[cursor: string, keys: string[]]> | null = null;

  const next = (node: Redis, cursor: string) => {
    const scanned = link.run(() => node.scan(cursor, 'MATCH', glob, 'COUNT', KEYS_PER_STEP));
    // Nobody may come for it.
    scanned.catch(() => undefined);
    return scanned;
  };

  return async () => {
    if (!nodes) {
      const all = await masters(link);
      const sizes = await link.run(() => Promise.all(all.map((node) => node.dbsize())));
      total = sizes.reduce((sum, size) => sum + size, 0);
      nodes = all;
    }
    const node = nodes[at];
    if (!node) return { scanned: 0, matched: 0, total, next: null };
    const [cursor, keys] = await (ahead ?? next(node, '0'));
    ahead = cursor === '0' ? null : next(node, cursor);
    const matched = keys.length === 0 ? 0 : await link.run((client) => visit(node, keys, client));
    if (cursor === '0') at += 1;
    return { scanned: keys.length, matched, total, next: at < nodes.length ? `${at}:${cursor}` : null };
  };
}

/** The replies of one server to many commands at once; what Redis refused of them is an error in its place. */
export async function replies(node: Redis, commands: Command[]): Promise<unknown[]> {
  const results = (await node.pipeline(commands).exec()) ?? [];
  return results.map(([error, reply]) => {
    if (error && replyCode(error) === '') throw error;
    return error ?? reply;
  });
}
