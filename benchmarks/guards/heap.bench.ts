import { test } from 'vitest';
import { RedisServer } from '../../test/support/redis-server.js';
import { pairs, quick } from '../options.js';
import { startProgram } from '../program.js';
import { Figure, report } from '../report.js';

const CALLS = quick ? 10_000 : 100_000;

/** The heap of a process that calls and calls, a tenth of it under faults and a tenth aborted, over either store. */
test('the heap', { timeout: 0 }, async () => {
  await using server = await RedisServer.start();
  const growth = async (store: object) => {
    const args = [`${CALLS}`, JSON.stringify(store)];
    await using soak = startProgram('../test/client/fixtures/soak.mjs', args, ['--expose-gc']);
    return (JSON.parse(await soak.line()) as { growthMB: number }).growthMB;
  };
  const memory = new Figure('growth over memory, MB', '', { atMost: 5 });
  const redis = new Figure('growth over Redis, MB', '', { atMost: 5 });
  // Each is a slope over ten windows already, and takes minutes.
  for (let run = 1; run <= Math.min(pairs, 2); run += 1) {
    memory.add(await growth({ store: 'memory' }));
    redis.add(await growth({ redisUrl: server.url }));
  }
  report(
    `the heap over ${CALLS} calls`,
    [memory, redis],
    ['slope of a line through its sizes after collections'],
  );
});
