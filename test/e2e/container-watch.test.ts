import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Operator } from '../support/cli.js';
import { DockerRun, docker, hasDocker, redisImage } from '../support/docker.js';
import { eventually } from '../support/eventually.js';

const event = (name: string, requestId: string) =>
  JSON.stringify({ time: '2026-05-01T12:00:00Z', event: name, requestId });

/** A bot runtime: it says these lines, and waits. */
async function runtime(lines: readonly string[]) {
  const run = new DockerRun();
  const name = `${run.llm}-runtime`;
  const operator = await Operator.create({
    BOTLLM_RUNTIME_CONTAINER: name,
    REDIS_CONTAINER: run.redis,
    LLM_CONTAINER: run.llm,
  });
  onTestFinished(async () => {
    await operator[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
  });
  // Its stdin stays open, so that it waits there.
  const script = 'printf "%s\\n" "$@"; read -r _';
  const started = await docker(
    'run',
    '-di',
    '--name',
    name,
    redisImage(),
    '/bin/sh',
    '-c',
    script,
    'sh',
    ...lines,
  );
  expect(started.stderr).toBe('');
  return { operator, name, run };
}

describe.runIf(hasDocker)('logs of containers', () => {
  test('runtime: all lines, the last of them, and of a JSON log only the events that were asked for', async () => {
    const { operator, name } = await runtime([
      'a plain line \u001b[31mwith colour',
      event('llm_request', 'r1'),
      event('llm_error', 'r2'),
      'it speaks of "event":"llm_error" and is none',
      event('bot_started', 'r3'),
    ]);
    const all = await eventually(async () => {
      const run = await operator.run('logs', 'runtime');
      return run.stdout.includes('bot_started') ? run : undefined;
    });
    expect(all.stdout.split('\n')).toHaveLength(5);
    expect(all.stdout).not.toContain('\u001b');
    expect((await operator.run('logs', 'runtime', '-n', '2')).stdout.split('\n')).toHaveLength(2);
    const errors = await operator.run('logs', 'runtime', '--event', 'llm_error', '--json');
    const [line = '', result = ''] = errors.stdout.split('\n');
    expect(JSON.parse(line)).toMatchObject({ event: 'llm_error', requestId: 'r2' });
    expect(JSON.parse(result)).toEqual({ schema: 'botllm.logs/1', data: { container: name, lines: 1 } });
    const events = await operator.run('logs', 'runtime', '--event');
    expect(events.stdout.split('\n')).toHaveLength(2);
    // Every line of --json is JSON, whatever the container said.
    const json = await operator.run('logs', 'runtime', '--json');
    expect(json.stdout.split('\n').map((text) => typeof JSON.parse(text))).toEqual(Array(6).fill('object'));
  });

  test('-f hands over what comes, once, and ends at Ctrl-C; --since leaves the old out', async () => {
    const { operator, name } = await runtime(['old']);
    await eventually(async () =>
      (await operator.run('logs', 'runtime')).stdout === 'old' ? true : undefined,
    );
    const following = operator.start(['logs', 'runtime', '-f']);
    let seen = '';
    following.stdout.on('data', (chunk) => {
      seen += String(chunk);
    });
    await eventually(async () => seen.includes('old') || undefined);
    await docker('exec', name, '/bin/sh', '-c', 'echo new >/proc/1/fd/2');
    await eventually(async () => seen.includes('new') || undefined);
    following.kill('SIGINT');
    const ended = await following;
    expect([ended.exitCode, ended.stdout.split('\n'), ended.stderr]).toEqual([130, ['old', 'new'], '']);

    await sleep(1_100);
    const since = new Date().toISOString();
    await docker('exec', name, '/bin/sh', '-c', 'echo newer >/proc/1/fd/2');
    const later = await eventually(async () => {
      const run = await operator.run('logs', 'runtime', '--since', since);
      return run.stdout === '' ? undefined : run;
    });
    expect(later.stdout).toBe('newer');
  });

  test('llm, redis: those of the containers; what is not there is exit 3 and says what to do', async () => {
    const { operator, run } = await runtime([]);
    for (const of of ['redis', 'gateway', 'llm']) {
      const missing = await operator.run('logs', of);
      expect([of, missing.exitCode, missing.stderr]).toEqual([of, 3, expect.stringContaining('botllm')]);
    }
    await docker('run', '-d', '--name', run.redis, redisImage(), 'redis-server');
    await docker('run', '--name', run.llm, redisImage(), '/bin/sh', '-c', 'echo the engine speaks');
    expect((await operator.run('logs', 'llm')).stdout).toBe('the engine speaks');
    expect((await operator.run('logs')).stdout).toBe('the engine speaks');
    const redis = await eventually(async () => {
      const said = await operator.run('logs', 'redis');
      return said.stdout === '' ? undefined : said;
    });
    expect(redis.stdout).toContain('oO0OoO0OoO0Oo Redis is starting');
    expect((await operator.run('logs', 'nobody')).exitCode).toBe(2);
    expect((await operator.run('logs', 'llm', '--since', 'yesterdayish')).exitCode).toBe(2);
  });

  test('a log that Docker does not keep is said so, and without a daemon the command that starts one', async () => {
    const { operator, run } = await runtime([]);
    await docker('run', '--log-driver', 'none', '--name', run.redis, redisImage(), '/bin/sh', '-c', 'echo x');
    const none = await operator.run('logs', 'redis');
    expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining('does not support reading')]);
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const down = await operator.runWith({ env }, 'logs', 'redis');
    expect([down.exitCode, down.stderr]).toEqual([5, expect.stringContaining('systemctl start docker')]);
  });
});

describe.runIf(hasDocker)('stats', () => {
  test('tells of the engine’s container and of its Redis, once or again and again until Ctrl-C', async () => {
    const { operator, run } = await runtime([]);
    const missing = await operator.run('stats');
    expect([missing.exitCode, missing.stderr]).toEqual([3, expect.stringContaining('botllm up')]);
    for (const name of [run.llm, run.redis])
      await docker('run', '-d', '--memory', '64m', '--name', name, redisImage(), 'redis-server');
    const once = await operator.run('stats', '--json');
    const use = {
      memoryLimitBytes: 64 * 1024 ** 2,
      tasks: expect.any(Number),
      netInBytes: expect.any(Number),
    };
    expect(once.json().data).toMatchObject({
      engine: 'compose',
      units: [
        { name: run.llm, ...use },
        { name: run.redis, ...use },
      ],
    });
    expect((await operator.run('stats')).stdout).toMatch(/ of 64 MiB /);

    const watching = operator.start(['stats', '--watch', '100ms', '--json']);
    let seen = '';
    watching.stdout.on('data', (chunk) => {
      seen += String(chunk);
    });
    await eventually(async () => seen.split('"type":"stats"').length > 2 || undefined);
    watching.kill('SIGINT');
    const ended = await watching;
    expect([ended.exitCode, ended.stderr]).toEqual([130, '']);
    expect(JSON.parse(ended.stdout.split('\n').at(-1) ?? '').schema).toBe('botllm.stats/1');
  });
});
