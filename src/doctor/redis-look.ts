import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../engines/present.js';
import { isBotllmError } from '../errors.js';
import { parseRedisUrl } from '../stores/redis/address.js';
import { singleClient } from '../stores/redis/connect.js';

/** What one look at a Redis found; what it may not be asked is absent. */
export interface RedisLook {
  /** `host:port/db`, without a password. */
  location: string;
  hosts: readonly { host: string; port: number }[];
  /** Why it does not answer, in its own words or the system's. */
  failure?: string;
  pingMs?: number;
  /** Its clock minus ours, milliseconds. */
  skewMs?: number;
  version?: string;
  /** Bytes; 0: no bound. */
  maxMemory?: number;
  policy?: string;
  /** Whether it writes snapshots or a log of changes. */
  persistence?: { snapshots: boolean; appendOnly: boolean; lastSaveFailed: boolean };
  hasPassword: boolean;
  /** Sets one of its parameters until it is restarted. */
  configure: (name: string, value: string) => Promise<void>;
}

/** One reply, and the whole look. */
const WITHIN_MS = 1_000;
const BOUND_MS = 3 * WITHIN_MS;

/** Asks one server, the first where several nodes are named, and nothing that changes it. */
export async function lookAtRedis(url: string): Promise<RedisLook> {
  const address = parseRedisUrl(url);
  const known = {
    location: address.location,
    hosts: address.nodes,
    hasPassword: address.password !== undefined,
  };
  const withClient = async <T>(use: (client: Awaited<ReturnType<typeof singleClient>>) => Promise<T>) => {
    const client = await singleClient(address, WITHIN_MS);
    // Without a listener ioredis prints what goes wrong; the calls tell it, too.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await use(client);
    } finally {
      client.disconnect();
    }
  };
  const configure = (name: string, value: string) =>
    withClient(async (client) => void (await client.config('SET', name, value)));
  try {
    const facts = await within(
      withClient(async (client) => {
        const before = performance.now();
        await client.ping();
        const pingMs = performance.now() - before;
        const [seconds, micros] = await client.time();
        const skewMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - Date.now();
        const info = await client.info().catch(() => '');
        const may = async (name: string) => settingOf(await client.config('GET', name).catch(() => []));
        const [maxMemory, policy, save, appendOnly] = await Promise.all(
          ['maxmemory', 'maxmemory-policy', 'save', 'appendonly'].map(may),
        );
        return {
          ...{ pingMs, skewMs },
          ...present({
            version: /^redis_version:(\S+)/m.exec(info)?.[1],
            maxMemory: maxMemory === undefined ? undefined : Number(maxMemory),
            policy,
          }),
          ...(save === undefined || appendOnly === undefined
            ? {}
            : {
                persistence: {
                  snapshots: save !== '',
                  appendOnly: appendOnly === 'yes',
                  lastSaveFailed: /^rdb_last_bgsave_status:err/m.test(info),
                },
              }),
        };
      }),
    );
    return { ...known, ...facts, configure };
  } catch (error) {
    return { ...known, failure: reasonOf(error), configure };
  }
}

/** Before 7 and after it: a list of name and value. */
function settingOf(reply: unknown): string | undefined {
  return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
}

async function within<T>(work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const tooLate = sleep(BOUND_MS, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${BOUND_MS / 1_000} s`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    late.abort();
    tooLate.catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  if (isBotllmError(error)) return error.detail ?? error.message;
  const { message, cause } = error as Error;
  return (cause instanceof Error ? cause.message : message).split('\n')[0]?.slice(0, 200) ?? '';
}
