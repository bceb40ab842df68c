import { describe, expect, test } from 'vitest';
import { redisUrlOf, reusedRedis, waitForRedis } from '../../../src/engines/compose/redis.js';
import { answering, inspected, NO_SUCH } from './calls.js';
import { container } from './container-in.js';
import { recorded } from './recorded.js';

const signal = new AbortController().signal;
const NAME = 'botfactory-redis';

describe('the address of a Redis in a container', () => {
  test.each([
    ['every address', '', 'redis://127.0.0.1:6380'],
    ['every IPv4 address', '0.0.0.0', 'redis://127.0.0.1:6380'],
    ['loopback', '127.0.0.1', 'redis://127.0.0.1:6380'],
    ['an IPv6 address', '::1', 'redis://[::1]:6380'],
  ])('published on %s', (_, host, url) => {
    expect(redisUrlOf(container({ published: [{ inner: 6379, host, port: 6380 }] }))).toBe(url);
  });

  test('that publishes no port is none', () => {
    expect(redisUrlOf(container({ published: [] }))).toBeNull();
    expect(redisUrlOf(container({ published: [{ inner: 8001, host: '', port: 6379 }] }))).toBeNull();
  });
});

describe('a container of that name', () => {
  test('that somebody else made is started and used', async () => {
    let started = false;
    const { run } = answering((line) => {
      if (line === `docker start ${NAME}`) started = true;
      const state = { Status: started ? 'running' : 'exited' };
      return inspected({ name: NAME, state, config: { Labels: {} } });
    });
    expect(await reusedRedis(run, NAME)).toMatchObject({ status: 'running' });
  });

  test('that Compose made and that stands still is left for Compose to make again', async () => {
    const labels = { 'com.docker.compose.service': 'redis' };
    const { run, calls } = answering(() =>
      inspected({ name: NAME, state: { Status: 'exited' }, config: { Labels: labels } }),
    );
    expect(await reusedRedis(run, NAME)).toBeUndefined();
    expect(calls.map(({ line }) => line)).toEqual([`docker container inspect ${NAME}`]);
  });

  test('that is not there is nobody’s', async () => {
    expect(await reusedRedis(answering(() => NO_SUCH).run, NAME)).toBeUndefined();
  });
});

describe('waiting for it', () => {
  const redis = (state: object, ping: string) =>
    answering((line) =>
      line.includes('redis-cli')
        ? recorded(`${ping}\n`)
        : line.includes(' logs ')
          ? recorded('# bind: Address in use')
          : inspected({ name: NAME, state }),
    );

  test('ends when it answers the guide’s ping', async () => {
    expect(await waitForRedis(redis({}, 'PONG').run, NAME, signal)).toMatchObject({ wantsPassword: false });
  });

  test('finds out that it asks for a password, which nobody has told', async () => {
    const { run } = redis({}, 'NOAUTH Authentication required.');
    expect(await waitForRedis(run, NAME, signal)).toMatchObject({ wantsPassword: true });
  });

  test('ends at once where the container ended, with its last words', async () => {
    const { run } = redis({ Status: 'exited', Running: false, ExitCode: 1 }, '');
    await expect(waitForRedis(run, NAME, signal)).rejects.toMatchObject({
      code: 'NOT_READY',
      detail: '# bind: Address in use',
    });
  });
});
