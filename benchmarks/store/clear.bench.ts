import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { test } from 'vitest';
import { BIN } from '../../test/support/cli.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { pairs, quick, say } from '../options.js';
import { startProgram } from '../program.js';
import { Figure, report } from '../report.js';
import { percentile } from '../timing.js';
import { fill } from './fill.js';

const KEYS = quick ? 100_000 : 1_000_000;
const FOREIGN = KEYS / 10;
/** After a flood of new keys Redis is busy with its own tables. */
const SETTLE_MS = 2_000;

interface Outcome {
  keysPerSecond: number;
  /** Milliseconds of another client's GETs meanwhile, sorted. */
  others: number[];
}

/** The command as an operator types it, start of the process included, beside what he would type without it. */
test('cache clear', { timeout: 0 }, async () => {
  await using server = await RedisServer.start();
  const redis = new Redis(server.url);
  const home = await mkdtemp(join(tmpdir(), 'botllm-bench-'));
  const ways = {
    ours: () =>
      execa(process.execPath, [BIN, 'cache', 'clear', '--redis', server.url, '--json'], {
        env: { ...process.env, BOTLLM_HOME: home },
      }),
    'redis-cli': () =>
      execa('sh', [
        '-c',
        `redis-cli -p ${server.port} --scan --pattern 'llm:cache:*' | xargs redis-cli -p ${server.port} unlink`,
      ]),
  };

  const one = async (way: keyof typeof ways): Promise<Outcome> => {
    await fill(redis, 'cache', KEYS);
    await sleep(SETTLE_MS);
    const prober = startProgram('store/prober.mjs', [`${server.port}`, 'session:4']);
    await prober.line();
    const startedAt = performance.now();
    await ways[way]();
    const seconds = (performance.now() - startedAt) / 1000;
    const [, others] = await Promise.all([prober.end(), prober.line()]);
    const left = await redis.dbsize();
    if (left !== FOREIGN) throw new Error(`${way} left ${left} keys, and ${FOREIGN} are foreign`);
    return {
      keysPerSecond: KEYS / seconds,
      others: (JSON.parse(others) as number[]).sort((a, b) => a - b),
    };
  };

  const speed = new Figure('keys/s', 'redis-cli', { ratioAtLeast: 2 });
  const p99 = new Figure("p99 of another client's GET, ms", 'redis-cli', { atMost: 5 });
  const worse = new Figure('the same beside redis-cli', 'redis-cli', { ratioAtMost: 1 });
  const longest = new Figure('its longest GET, ms', 'redis-cli', { atMost: 25 });
  try {
    await fill(redis, 'foreign', FOREIGN);
    for (let pair = 1; pair <= pairs; pair += 1) {
      const ours = await one('ours');
      const theirs = await one('redis-cli');
      speed.add(ours.keysPerSecond, theirs.keysPerSecond);
      for (const figure of [p99, worse])
        figure.add(percentile(ours.others, 99), percentile(theirs.others, 99));
      longest.add(ours.others.at(-1) ?? Number.NaN, theirs.others.at(-1));
      say(`pair ${pair}: ${[speed, p99, longest].map(({ newest }) => newest).join(' · ')}`);
    }
    report(
      `cache clear: ${KEYS} keys of 600 B among ${FOREIGN} others`,
      [speed, p99, worse, longest],
      ['the other client, a process of its own, GETs once a millisecond'],
    );
  } finally {
    redis.disconnect();
    await rm(home, { recursive: true, force: true });
  }
});
