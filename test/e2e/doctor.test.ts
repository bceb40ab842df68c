import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CliRun, Operator } from '../support/cli.js';
import { docker, familyImage, hasDocker, redisImage } from '../support/docker.js';
import { onDocker, tinyWeights } from '../support/on-docker.js';
import { RedisServer } from '../support/redis-server.js';

interface Line {
  id: string;
  verdict: string;
  evidence: string;
  fix?: string;
  fixable: boolean;
}

/** Its lines by their ids. */
function linesOf(run: CliRun): Record<string, Line> {
  const { checks } = run.json().data as { checks: Line[] };
  return Object.fromEntries(checks.map((line) => [line.id, line]));
}

async function operator(env: Record<string, string> = {}): Promise<Operator> {
  const made = await Operator.create(env);
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

describe('doctor', () => {
  test('on a fresh machine nothing is wrong, and the next command is named; nothing is written', async () => {
    const someone = await operator();
    const found = await someone.run('doctor', '--json');
    expect(found.exitCode).toBe(0);
    const lines = linesOf(found);
    expect(Object.keys(lines)).toMatchSnapshot('ids, which scripts go by');
    expect(lines.engine).toMatchObject({ verdict: 'warn', fix: 'botllm up' });
    expect(lines.memory?.evidence).toContain('qwen3-1.7b');
    expect(() => statSync(someone.env.BOTLLM_HOME ?? '')).toThrow();
    const text = await someone.run('doctor');
    expect(text.stdout).toContain('botllm up');
    expect(text.stdout).not.toContain('\u001b');
  });

  test('with an engine it shows that an answer’s shape is enforced, and that it listens on loopback alone', async () => {
    const someone = await operator();
    const up = await someone.run('up', '--engine', 'embedded', '--gpu', 'none', '--model', tinyWeights());
    expect(up.exitCode).toBe(0);
    const found = await someone.run('doctor', '--json');
    expect([found.exitCode, linesOf(found)]).toMatchObject([
      0,
      {
        engine: { verdict: 'ok' },
        'engine-port': { verdict: 'ok' },
        'structured-output': { verdict: 'ok', evidence: expect.stringMatching(/QX7|ZK3/) },
        'exposure-engine': { verdict: 'ok', evidence: expect.stringContaining('loopback') },
      },
    ]);
    const other = await someone.runWith({ env: { LLM_MODEL: 'gemma-2b' } }, 'doctor', '--json');
    expect([other.exitCode, linesOf(other)['model-served']]).toMatchObject([
      8,
      {
        verdict: 'fail',
        evidence: expect.stringContaining('gemma-2b'),
        fix: expect.stringContaining('switch'),
      },
    ]);
  });

  test('a broken configuration, a taken port and a Redis that is not there are failures with what mends them', async () => {
    const someone = await operator();
    const taken = await someone.runWith({ env: { LLM_RATE_LIMIT: 'many' } }, 'doctor', '--json');
    expect([taken.exitCode, linesOf(taken).settings]).toMatchObject([
      8,
      { verdict: 'fail', fix: 'botllm config validate' },
    ]);
    const { createServer } = await import('node:http');
    const squatter = createServer((_, reply) => reply.end('hello'));
    await new Promise<void>((resolve) => squatter.listen(someone.port, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    const redis = {
      REDIS_URL: 'redis://user:hush-hush-9@127.0.0.1:9/0',
      REDIS_PORT: String(someone.port),
      REDIS_CONTAINER: 'botllm-test-none-of-these',
    };
    const found = await someone.runWith({ env: redis }, 'doctor', '--json');
    expect([found.exitCode, linesOf(found)]).toMatchObject([
      8,
      {
        'engine-port': { verdict: 'fail', fix: expect.stringContaining('--port') },
        redis: { verdict: 'fail', fix: expect.stringContaining('redis-cli') },
        'redis-eviction': { verdict: 'skip' },
        ...(hasDocker
          ? { 'redis-port': { verdict: 'warn', fix: expect.stringContaining('REDIS_PORT') } }
          : {}),
      },
    ]);
    expect(found.stdout).not.toContain('hush-hush-9');
  });

  test('a Redis that forgets users’ calls, or writes nothing any more, is told', async () => {
    await using redis = await RedisServer.start();
    const someone = await operator({ REDIS_URL: redis.url });
    const look = async () => linesOf(await someone.run('doctor', '--json'));
    await redis.cli('config', 'set', 'maxmemory', '64mb');
    await redis.cli('config', 'set', 'maxmemory-policy', 'noeviction');
    expect(await look()).toMatchObject({
      redis: { verdict: 'ok' },
      clock: { verdict: 'ok' },
      'redis-eviction': { verdict: 'ok', evidence: expect.stringContaining('64 MiB') },
      'exposure-redis': { verdict: 'ok' },
    });
    await redis.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
    const lines = await look();
    expect(lines['redis-eviction']).toMatchObject({
      verdict: 'warn',
      fix: expect.stringContaining('noeviction'),
    });
    // It is somebody else's, and so not ours to change.
    expect(lines['redis-eviction']?.fixable).toBe(false);
  });

  test('--fix changes what is safe when it is told to, and nothing when nobody can be asked', async () => {
    const someone = await operator();
    const home = someone.env.BOTLLM_HOME ?? '';
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o777);
    const asked = await someone.run('doctor', '--fix', '--json');
    expect([asked.exitCode, asked.json().error.hint]).toEqual([2, 'botllm doctor --fix --yes']);
    expect(statSync(home).mode & 0o777).toBe(0o777);
    const done = await someone.run('doctor', '--fix', '--yes', '--json');
    expect(done.json().data).toMatchObject({ mended: ['home'] });
    expect(linesOf(done).home).toMatchObject({ verdict: 'ok' });
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test('options that belong to the firewall are refused without it, and one another', async () => {
    const someone = await operator();
    const cases = [
      ['doctor', '--apply'],
      ['doctor', '--allow', '10.0.0.0/8'],
      ['doctor', '--firewall', '--apply', '--undo'],
      ['doctor', '--firewall', '--allow', '10.0.0.0/33'],
      ['doctor', '--firewall', '--allow', '10.0.0.0/8; rm -rf /'],
      ['doctor', '--firewall', '--allow', 'fe80::1%eth0'],
      ['doctor', '--firewall', '--fix'],
    ];
    for (const words of cases) expect([words, (await someone.run(...words)).exitCode]).toEqual([words, 2]);
    const printed = await someone.run('doctor', '--firewall', '--allow', '172.16.0.0/12,fd00::/8');
    expect(printed.stdout).toContain(`--ctorigdstport ${someone.port}`);
    expect(printed.stdout).toMatch(
      /^iptables-restore[\s\S]*-s 172\.16\.0\.0\/12[\s\S]*^ip6tables-restore[\s\S]*-s fd00::\/8/m,
    );
  });
});

describe.runIf(hasDocker)('doctor beside containers', () => {
  test('the bots’ own container reaches the engine by the network’s name, or is told how', async () => {
    const { run, operator: someone } = await onDocker();
    const runtime = `${run.llm}-runtime`;
    const env = { BOTLLM_RUNTIME_CONTAINER: runtime };
    const up = await someone.run('up', '--engine', 'compose', '--model', tinyWeights());
    expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
    // An image that has none of the programs with which one asks, and then one that has curl.
    await docker('run', '-d', '--name', runtime, redisImage(), 'redis-server');
    const look = async () => linesOf(await someone.runWith({ env }, 'doctor', '--json'));
    expect((await look()).runtime).toMatchObject({ verdict: 'warn' });
    await docker('rm', '-f', runtime);
    const image = someone.env.LLM_IMAGE ?? '';
    await docker(
      'run',
      '-d',
      '--name',
      runtime,
      '--entrypoint',
      'sh',
      image,
      '-c',
      'while :; do read x </dev/zero; done',
    );
    const cut = await look();
    expect(cut.runtime).toMatchObject({
      verdict: 'fail',
      fix: expect.stringContaining(`docker network connect ${run.network} ${runtime}`),
    });
    expect(cut).toMatchObject({
      'docker-daemon': { verdict: 'ok' },
      compose: { verdict: 'ok' },
      'structured-output': { verdict: 'ok' },
      'redis-eviction': { verdict: 'ok' },
      'exposure-engine': { verdict: 'ok' },
      'exposure-redis': { verdict: 'ok' },
      firewall: { verdict: 'ok' },
    });
    await docker('network', 'connect', run.network, runtime);
    expect((await look()).runtime).toMatchObject({ verdict: 'ok' });
    // And one that has Node alone, as a bot in TypeScript has.
    await docker('rm', '-f', runtime);
    const idle = ['--entrypoint', 'node', familyImage(), '-e', 'setInterval(() => {}, 1e9)'];
    await docker('run', '-d', '--name', runtime, '--network', run.network, ...idle);
    expect((await look()).runtime).toMatchObject({ verdict: 'ok' });

    // The Redis that up started is ours to set right.
    await docker('exec', run.redis, 'redis-cli', 'config', 'set', 'maxmemory-policy', 'allkeys-lru');
    const mended = await someone.runWith({ env }, 'doctor', '--fix', '--yes', '--json');
    expect(mended.json().data).toMatchObject({ mended: ['redis-eviction'] });
    await docker('stop', '-t', '1', run.llm);
    const stopped = await someone.runWith({ env }, 'doctor', '--json');
    expect([stopped.exitCode, linesOf(stopped).engine]).toMatchObject([
      8,
      { verdict: 'fail', fix: 'botllm up' },
    ]);
  });
});

describe('support-bundle', () => {
  test('names its files before it writes them, holds no secret and no text of a user, and writes over nothing', async () => {
    await using redis = await RedisServer.start();
    await redis.cli('config', 'set', 'requirepass', 'canary-redis-1');
    const secrets = {
      LLM_API_KEY: 'canary-key-2',
      HF_TOKEN: 'hf_canarytoken3',
      TELEGRAM_BOT_TOKEN: '123456789:canaryCANARYcanaryCANARYcanary4444',
      REDIS_URL: redis.url.replace('redis://', 'redis://:canary-redis-1@'),
    };
    const someone = await operator(secrets);
    const home = someone.env.BOTLLM_HOME ?? '';
    mkdirSync(path.join(home, 'logs'), { recursive: true });
    const lines = [
      'Authorization: Bearer canary-bearer-5',
      'POST http://user:canary-url-6@example.org/',
      `key canary-key-2 and 123456789:canaryCANARYcanaryCANARYcanary4444 in ${someone.home}/x`,
      "INFO Received request: prompt: 'canary text 7 of a user', params",
      '{"prompt": "canary \\"text\\" 8 of a user"}',
      'kept: the engine is ready',
    ];
    writeFileSync(path.join(home, 'logs', 'engine.log'), `${'x'.repeat(300_000)}\n${lines.join('\n')}\n`);
    const made = await someone.run('support-bundle', '-o', 'help.tar.gz', '--json');
    expect(made.exitCode).toBe(0);
    const file = path.join(someone.home, 'help.tar.gz');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const unpacked = execFileSync('tar', ['-xzOf', file], { encoding: 'utf8' });
    expect(unpacked).toContain('kept: the engine is ready');
    expect(unpacked).not.toMatch(/canary/i);
    expect(unpacked).not.toContain(someone.home);
    expect(unpacked).not.toContain('xxxx');
    const settings = JSON.parse(
      execFileSync('tar', ['-xzOf', file, '--wildcards', '*/settings.json'], { encoding: 'utf8' }),
    );
    expect(settings.settings).toContainEqual(
      expect.objectContaining({ variable: 'BOTLLM_PORT', text: String(someone.port), source: 'shell' }),
    );
    const names = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' });
    for (const { name } of made.json().data.files as { name: string }[]) {
      expect(made.stderr).toContain(name);
      expect(names).toContain(name);
    }
    expect(names).toMatch(/doctor\.json[\s\S]*settings\.json[\s\S]*versions\.json/);
    const again = await someone.run('support-bundle', '-o', 'help.tar.gz');
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  });
});
