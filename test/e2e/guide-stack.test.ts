import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { COMPOSE_FILE, compose, FLAVOURS } from '../support/compose-flavours.js';
import { docker, hasDocker, llamaImage, redisImage } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { GuideStack } from '../support/guide-stack.js';

const LIMIT = 512 * 1024 ** 2;

/** The guide's two questions, letter for letter but for the port, which is this run's. */
const CHAT = `curl -s http://localhost:11434/v1/chat/completions \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "microsoft/Phi-3-mini-4k-instruct",
    "messages": [
      {"role": "user", "content": "Привет! Как дела?"}
    ],
    "max_tokens": 100,
    "temperature": 0.2
  }'`;
const COMPLETION = `curl -s http://localhost:11434/v1/completions \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "microsoft/Phi-3-mini-4k-instruct",
    "prompt": "Переведи на английский: Привет мир",
    "max_tokens": 50
  }'`;

const Usage = z.object({ completion_tokens: z.number().positive() });
const ChatAnswer = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]),
  usage: Usage,
});
const CompletionAnswer = z.object({ choices: z.tuple([z.object({ text: z.string() })]), usage: Usage });
describe.runIf(hasDocker).each(FLAVOURS)('the guide’s stack by $name', (flavour) => {
  const stack = new GuideStack(flavour);
  beforeAll(() => stack.prepare());
  afterAll(() => stack[Symbol.asyncDispose]());

  test('`up -d llm` brings the model up, and the guide’s curl finds it healthy', async () => {
    await stack.compose('-f', COMPOSE_FILE, 'up', '-d', 'llm');
    expect(await stack.healthy()).toContain('"ok"');
  });

  test('both of the guide’s curls are answered', async () => {
    const chat = ChatAnswer.parse(JSON.parse(await stack.shell(CHAT)));
    expect(chat.usage.completion_tokens).toBeLessThanOrEqual(100);
    const completion = CompletionAnswer.parse(JSON.parse(await stack.shell(COMPLETION)));
    expect(completion.usage.completion_tokens).toBeLessThanOrEqual(50);
  });

  test('MODEL_ID, QUANTIZE and MAX_BATCH_TOTAL_TOKENS do what `docker logs` says', async () => {
    const { stdout, stderr } = await docker('logs', stack.run.llm);
    const said = `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('botllm: '));
    expect(said).toEqual([
      'botllm: QUANTIZE=int4 → Q4_K_M',
      'botllm: /weights/tiny.gguf: 2 at once, up to 4096 tokens each',
    ]);
    const props = JSON.parse(await stack.shell('curl -s http://localhost:11434/props'));
    expect(props.total_slots).toBe(2);
    expect(props.default_generation_settings.n_ctx).toBe(4096);
  });

  test('`docker stats` shows it under the memory limit that was asked for', async () => {
    const { stdout } = await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', stack.run.llm);
    expect(stdout).toMatch(/^[\d.]+MiB \/ 512MiB$/);
    expect((await stack.inspect()).HostConfig.Memory).toBe(LIMIT);
  });

  test('it has a root that cannot be written, no rights, and logs that are rotated', async () => {
    const { HostConfig } = await stack.inspect();
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: expect.arrayContaining([expect.stringMatching(/^no-new-privileges(:true)?$/)]),
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    const written = await docker('exec', stack.run.llm, '/bin/sh', '-c', 'echo 1 >/app/x');
    expect([written.exitCode, written.stderr]).toEqual([2, expect.stringContaining('Read-only file system')]);
  });

  test('the runtime of another compose project asks http://llm:11434', async () => {
    const asked = await askFromAnotherProject(stack, 'http://llm:11434/v1/models');
    expect(JSON.parse(asked).data[0].id).toBe('tiny');
  });

  test('the guide’s Redis ping is answered, and Redis never evicts', async () => {
    await stack.compose('-f', COMPOSE_FILE, '--profile', 'redis', 'up', '-d', 'redis');
    await eventually(async () => {
      const { stdout } = await docker('exec', stack.run.redis, 'redis-cli', 'ping');
      return stdout === 'PONG' || undefined;
    });
    const policy = await docker('exec', stack.run.redis, 'redis-cli', 'config', 'get', 'maxmemory-policy');
    expect(policy.stdout.split('\n')).toEqual(['maxmemory-policy', 'noeviction']);
  });

  test('engine and Redis listen on 127.0.0.1 and on no other address of this machine', () => {
    expect(listening(stack.port)).toEqual(['127.0.0.1']);
    expect(listening(stack.redisPort)).toEqual(['127.0.0.1']);
  });

  test('Docker’s own check calls it healthy', async () => {
    const health = await eventually(async () => {
      const { State } = await stack.inspect();
      return State.Health?.Status === 'starting' ? undefined : State.Health?.Status;
    });
    expect(health).toBe('healthy');
  });

  test('killed, it comes back by itself', async () => {
    process.kill((await stack.inspect()).State.Pid, 'SIGKILL');
    await eventually(async () => (await stack.inspect()).RestartCount === 1 || undefined);
    expect(await stack.healthy()).toContain('"ok"');
  });

  test('`down` leaves nothing but the weights', async () => {
    await stack.compose('-f', COMPOSE_FILE, '--profile', 'redis', 'down');
    expect((await stack.run.leftovers()).filter((left) => left !== stack.run.volume)).toEqual([]);
  });
});

describe.runIf(hasDocker).each(FLAVOURS)('a wrong setting, by $name', (flavour) => {
  test.each([
    ['MODEL_ID', 'nonsense', /^botllm: MODEL_ID=nonsense names no model for llama\.cpp: give phi3-mini, .*$/],
    ['LLM_IMAGE', redisImage(), /^botllm: LLM_IMAGE holds no \/app\/llama-server: .*$/],
  ])('%s ends with one clear line and no restart', async (name, value, line) => {
    const stack = new GuideStack(flavour, { QUANTIZE: '', [name]: value });
    onTestFinished(() => stack[Symbol.asyncDispose]());
    await stack.prepare();
    await stack.compose('-f', COMPOSE_FILE, 'up', '-d', 'llm');
    const ended = await eventually(async () => {
      const found = await stack.inspect();
      return found.State.Status === 'running' ? undefined : found;
    });
    expect([ended.State.Status, ended.State.ExitCode, ended.RestartCount]).toEqual(['exited', 0, 0]);
    const { stdout, stderr } = await docker('logs', stack.run.llm);
    expect([stdout, stderr]).toEqual([expect.stringMatching(line), '']);
  });
});

/** A compose file of somebody else, which joins the network as the guide's runtime does. */
async function askFromAnotherProject(stack: GuideStack, url: string): Promise<string> {
  const service = {
    image: llamaImage(),
    container_name: `${stack.run.llm}-asker`,
    entrypoint: ['curl', '-fsS', url],
    networks: ['botfactory'],
  };
  const networks = { botfactory: { external: true, name: stack.run.network } };
  const file = path.join(stack.folder, 'runtime.json');
  writeFileSync(file, JSON.stringify({ version: '3.8', services: { runtime: service }, networks }));
  const env = { COMPOSE_PROJECT_NAME: `${stack.run.project}other` };
  await compose(stack.flavour, env, '-f', file, 'up', '-d');
  await docker('wait', service.container_name);
  const { stdout } = await docker('logs', service.container_name);
  await compose(stack.flavour, env, '-f', file, 'down');
  return stdout;
}

/** The addresses of this machine on which somebody listens on this port, as the kernel tells. */
function listening(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, local = '', , state] = line.trim().split(/\s+/);
        const [address = '', at] = local.split(':');
        if (at !== hex || state !== '0A') return [];
        const bytes = address.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
        return [table === 'tcp' ? bytes.reverse().join('.') : address];
      }),
  );
}
