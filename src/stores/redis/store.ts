import type { Store } from '../contract.js';
import { assertLimit } from '../decide.js';
import { parseRedisUrl } from './address.js';
import { redisAdmin } from './admin.js';
import { enterInput, enterScript, lifeMs, readEntered } from './enter-script.js';
import { onReply, replyCode } from './failure.js';
import { LEASE, RELEASE } from './lease-scripts.js';
import { LOOK, REFUND, readLook, readTaken, TAKE, takeArgs } from './limiter-script.js';
import { RedisLink } from './link.js';
import { Script } from './script.js';

export interface RedisStoreOptions {
  /** As `parseRedisUrl` reads it. */
  url: string;
  /** Bound of one call, milliseconds (100). */
  timeoutMs?: number;
  /** How long the first call, and each that is patient, waits for the connection at most (1000). */
  readyTimeoutMs?: number;
  /** Every call waits for the connection, as those of an admin command do, and not only the first. */
  patient?: boolean | undefined;
  /** Bound of one step of an admin command (1000). */
  stepTimeoutMs?: number;
  /** Milliseconds since the epoch, to tell the age of answers. Limits and lives go by Redis' own clock. */
  clock?: (() => number) | undefined;
  /** An answer was not kept because Redis is full and evicts nothing. */
  onSkippedWrite?: (() => void) | undefined;
}

/**
 * The store that several machines share: one Redis (5 or later, or Valkey), or a cluster. Nothing is loaded or
 * connected before the first call. Calls reject with `STORE_UNAVAILABLE`, whose cause is what Redis said, when there
 * is no connection or no answer in time; a call whose answer was lost may have been done, and is not done twice.
 *
 * When Redis is full and evicts nothing, answers are not kept and limits and leases go on (from Redis 7 on).
 * @throws BotllmError `BAD_CONFIG` for an address that cannot be read
 */
export function createRedisStore(options: RedisStoreOptions): Store {
  const { timeoutMs = 100, readyTimeoutMs = 1_000, stepTimeoutMs = 1_000, clock = Date.now } = options;
  const address = parseRedisUrl(options.url);
  const link = new RedisLink({ address, timeoutMs, readyTimeoutMs, patient: options.patient ?? false });
  // Its own, so that no bot's call waits behind a step of a long command.
  const adminLink = new RedisLink({ address, timeoutMs: stepTimeoutMs, readyTimeoutMs, patient: true });
  const scripts = {
    take: new Script(TAKE),
    look: new Script(LOOK),
    refund: new Script(REFUND),
    lease: new Script(LEASE),
    release: new Script(RELEASE),
  };
  const script = (name: keyof typeof scripts, key: string, ...args: string[]) =>
    link.ask((send, isLate) => scripts[name].run(send, isLate, [key], args));
  const entering = {
    limited: new Script(enterScript({ limit: true, lease: false })),
    leased: new Script(enterScript({ limit: false, lease: true })),
    both: new Script(enterScript({ limit: true, lease: true })),
  };

  return {
    kind: 'redis',
    location: address.location,
    async enter(entry) {
      const { limit, lease } = entry;
      if (limit) assertLimit(limit.calls, limit.windowMs);
      // The keys of a cluster lie on several servers, and a plain look needs no script.
      if (!link.isOneServer || !(limit || lease)) return null;
      const one = limit && lease ? entering.both : limit ? entering.limited : entering.leased;
      const { keys, args } = enterInput(entry);
      return link.ask((send, isLate) =>
        one.run(send, isLate, keys, args).then(
          (reply) => readEntered(reply, entry),
          (error) => {
            // Who may not do one of the three (a replica, a user of few rights) may do the others.
            if (replyCode(error) === '') throw error;
            return null;
          },
        ),
      );
    },
    cacheGet: (key) =>
      // What is no text there is no answer.
      link.ask((send) => send('get', key).catch(onReply('WRONGTYPE', () => null))) as Promise<string | null>,
    cachePut: (key, value, ttlMs) =>
      link.ask(async (send) => {
        if (ttlMs > 0) {
          const skip = () => options.onSkippedWrite?.();
          await send('set', key, value, 'PX', lifeMs(ttlMs)).catch(onReply('OOM', skip));
        } else await send('unlink', key);
      }),
    async take(key, limit, windowMs) {
      assertLimit(limit, windowMs);
      return readTaken(await script('take', key, ...takeArgs(limit, windowMs)), limit, windowMs);
    },
    async peek(key, limit, windowMs) {
      assertLimit(limit, windowMs);
      return readLook(await script('look', key), limit, windowMs);
    },
    async refund(key, stamp) {
      await script('refund', key, String(stamp));
    },
    lease: async (key, token, ttlMs) => (await script('lease', key, token, lifeMs(ttlMs))) === 1,
    async release(key, token) {
      await script('release', key, token);
    },
    ...redisAdmin(adminLink, clock),
    async close() {
      await Promise.all([link.close(), adminLink.close()]);
    },
  };
}
