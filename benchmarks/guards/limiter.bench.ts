import { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { test } from 'vitest';
import { RedisServer } from '../../test/support/redis-server.js';
import { openStore } from '../built.js';
import { pairs, quick, say } from '../options.js';
import { Figure, report } from '../report.js';
import { rate } from '../timing.js';

const LIMIT = 10;
const WINDOW_MS = 60_000;
const USERS = 1_000;
const ALONE = quick ? 2_000 : 10_000;
const AT_ONCE = 50;
/** Twice what the users may: half of the decisions let a call pass, half refuse it. */
const CROWD = 2 * LIMIT * USERS;

/** Decisions for so many users, beside the package that most programs use for it, on the same Redis. */
test('limiter decisions', { timeout: 0 }, async () => {
  await using server = await RedisServer.start();
  const redis = new Redis(server.url);
  const store = await openStore({ kind: 'redis', url: server.url });
  try {
    const ours =
      (key: string): Decide =>
      async (i) => {
        const { allowed } = await store.take(`llm:ratelimit:v1:-:${key}-${i % USERS}`, LIMIT, WINDOW_MS);
        return allowed;
      };
    const theirs = (keyPrefix: string): Decide => {
      const limiter = new RateLimiterRedis({
        storeClient: redis,
        keyPrefix,
        points: LIMIT,
        duration: WINDOW_MS / 1000,
      });
      return (i) =>
        limiter.consume(`user-${i % USERS}`).then(
          () => true,
          (refusal: unknown) => {
            if (refusal instanceof RateLimiterRes) return false;
            throw refusal;
          },
        );
    };

    const alone = new Figure('decisions/s, one after another', 'rate-limiter-flexible', { ratioAtLeast: 1 });
    const crowd = new Figure(`decisions/s, ${AT_ONCE} at once`, 'rate-limiter-flexible', { ratioAtLeast: 1 });
    await rate(ALONE, 1, ours('warm'));
    await rate(ALONE, 1, theirs('warm'));
    for (let pair = 1; pair <= pairs; pair += 1) {
      alone.add(await rate(ALONE, 1, ours(`alone-${pair}`)), await rate(ALONE, 1, theirs(`alone-${pair}`)));
      crowd.add(await crowded(ours(`crowd-${pair}`)), await crowded(theirs(`crowd-${pair}`)));
      say(`pair ${pair}: ${alone.newest} · ${crowd.newest}`);
    }
    report(
      `limiter, ${USERS} users, ${LIMIT} calls in ${WINDOW_MS / 1000} s`,
      [alone, crowd],
      [
        'ours is exact in any window; theirs counts in fixed windows, and lets twice the limit pass where two meet',
      ],
    );
  } finally {
    redis.disconnect();
    await store.close();
  }
});

type Decide = (i: number) => Promise<boolean>;

/** Decisions a second for a crowd of which each user asks twice as often as he may. */
async function crowded(decide: Decide): Promise<number> {
  let passed = 0;
  const perSecond = await rate(CROWD, AT_ONCE, async (i) => {
    if (await decide(i)) passed += 1;
  });
  if (passed !== CROWD / 2) throw new Error(`${passed} of ${CROWD} calls passed, and not half of them`);
  return perSecond;
}
