import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/cli.js';
import { COMPOSE_FILE, FLAVOURS } from '../support/compose-flavours.js';
import { docker, hasDocker, servedImage } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { buildGatewayImage, buildWholeGatewayImage } from '../support/gateway-image.js';
import { GuideStack } from '../support/guide-stack.js';

const [flavour] = FLAVOURS;
const KEY = 'the-key-of-the-bots';
/** `npm run test:image`: with the Dockerfile's first stage as well, which fetches for minutes. */
const isWhole = process.env.BOTLLM_WHOLE_IMAGE === '1';
const BUILD_MS = isWhole ? 1_800_000 : 300_000;
/** Docker waits for one interval before it looks the first time: a quarter of a minute each. */
const IN_A_HURRY = 'services: {gateway: {healthcheck: {interval: 1s}}, llm: {healthcheck: {interval: 1s}}}\n';

describe.runIf(hasDocker && flavour)('the gateway’s image, by the compose file’s profile', () => {
  let stack: GuideStack;
  let tag: string;
  let url: string;
  let hurry: string;
  const up = (key: string, ...services: string[]) =>
    stack.composeWith(
      { BOTLLM_API_KEYS: key },
      ...['-f', COMPOSE_FILE, '-f', hurry, '--profile', 'redis', '--profile', 'gateway'],
      ...['up', '-d', '--no-build', ...services],
    );
  const inspect = async (format: string) =>
    (await docker('container', 'inspect', '--format', format, stack.run.gateway)).stdout;
  const ask = (path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${KEY}`, ...headers },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });

  beforeAll(async () => {
    if (!flavour) throw new Error('no Compose here');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    stack = new GuideStack(flavour, { GATEWAY_PORT: String(port), LLM_IMAGE: servedImage() });
    tag = `${stack.run.gateway}:test`;
    (isWhole ? buildWholeGatewayImage : buildGatewayImage)(tag);
    await stack.prepare();
    stack.add({ GATEWAY_IMAGE: tag });
    hurry = path.join(stack.folder, 'hurry.yml');
    writeFileSync(hurry, IN_A_HURRY);
  }, BUILD_MS);
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    execFileSync('docker', ['rmi', '-f', tag], { stdio: 'ignore' });
  });

  test('without a key it does not open itself to the network, and says so', async () => {
    await up('', 'gateway');
    const log = await eventually(async () => {
      const { stderr } = await docker('logs', stack.run.gateway);
      return stderr.includes('needs a key') ? stderr : undefined;
    });
    expect(log).toContain('BOTLLM_API_KEYS');
    await docker('rm', '-f', stack.run.gateway);
  });

  test('it comes up healthy beside engine and Redis, as nobody in particular, with nothing to write to', async () => {
    await up(KEY, 'llm', 'redis', 'gateway');
    await stack.healthy();
    await eventually(async () =>
      (await inspect('{{.State.Health.Status}}')) === 'healthy' ? true : undefined,
    );
    await eventually(async () => ((await ask('/ready')).ok ? true : undefined));
    expect(await inspect('{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}')).toBe(
      '1000:1000 true [ALL]',
    );
    expect(
      await inspect('{{range $port, $at := .NetworkSettings.Ports}}{{(index $at 0).HostIp}}{{end}}'),
    ).toBe('127.0.0.1');
  });

  test('it answers by the engine, then from the Redis beside it, and tells both in its log', async () => {
    const hi = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 8 };
    const source = async () => {
      const answer = await ask('/v1/chat/completions', hi, { 'x-user-id': 'ann' });
      expect(answer.status).toBe(200);
      return answer.headers.get('x-botllm-source');
    };
    expect(await source()).toBe('model');
    // A Redis that a busy machine did not hear in time was gone on without.
    await eventually(async () => (await source()) === 'cache' || undefined);
    const task = { message: 'hi', availableIntents: ['help'] };
    expect((await ask('/v1/bot/intent', task)).status).toBe(200);
    expect((await ask('/v1/models', undefined, { authorization: 'Bearer wrong-key' })).status).toBe(401);
    const { stdout } = await docker('logs', stack.run.gateway);
    expect(stdout).toMatch(/"event":"llm_request"/);
    const keys = await docker('exec', stack.run.redis, 'redis-cli', '--scan', '--pattern', 'llm:*');
    for (const kind of ['llm:ratelimit:v1:-:ann', 'llm:cache:v1:-:']) expect(keys.stdout).toContain(kind);
  });

  test('it stops when it is asked to, with 0', async () => {
    await docker('stop', '-t', '60', stack.run.gateway);
    // Not 137, as after the minute.
    expect(await inspect('{{.State.ExitCode}}')).toBe('0');
  });
});
