import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ComposeChoice, readChoice, writeChoice } from '../../../src/engines/compose/choice.js';
import { composeDown } from '../../../src/engines/compose/down.js';
import { orderOf } from '../../../src/engines/compose/order.js';
import { homeLayout } from '../../../src/settings/home.js';
import { runningEndpoint, runningRedis } from '../../../src/settings/running-engine.js';
import { asked, askedModel } from './container-in.js';
import { machine, recorded } from './recorded.js';

async function home() {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-order-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return homeLayout(folder);
}

describe('what Compose is called with', () => {
  test('the guide’s own file and words do for the guide’s models, and nothing is written', async () => {
    const layout = await home();
    const { files, env } = await orderOf(askedModel('gemma-2b', { quantize: 'int4' }), layout);
    expect(files.map((file) => path.basename(file))).toEqual(['docker-compose.llm.yml']);
    expect(env).toMatchObject({ MODEL_ID: 'google/gemma-2b-it', QUANTIZE: 'int4' });
    expect(() => readFileSync(layout.composeFile)).toThrow();
  });

  test('all cards that were chosen reach the overlay, not the first alone', async () => {
    const { files, env } = await orderOf(asked({ gpus: ['0', '1'] }), await home());
    expect(path.basename(files[1] ?? '')).toBe('docker-compose.gpu.yml');
    expect(env.LLM_GPU).toBe('0,1');
  });

  test('another family’s document stands in the home, with volumes beside the one that is named', async () => {
    const layout = await home();
    const { files } = await orderOf(
      askedModel('phi3-mini', { family: 'ollama', volume: 'mine-llm-weights' }),
      layout,
    );
    expect(files).toEqual([layout.composeFile]);
    expect(readFileSync(layout.composeFile, 'utf8')).toContain('mine-llm-ollama');
  });
});

const CHOICE: ComposeChoice = {
  ...{ schema: 1, engine: 'compose', family: 'llamacpp', container: 'botfactory-llm', project: 'botllm' },
  ...{ files: ['/x/docker-compose.llm.yml'], env: { LLM_WEIGHTS: '/srv/my models $HOME' } },
  ...{ endpoint: 'http://127.0.0.1:11434', port: 11_434, model: 'm', gpus: [], adopted: false },
  redis: { container: 'botfactory-redis', url: 'redis://127.0.0.1:6379', started: true },
  startedAt: '2026-11-25T18:00:00Z',
};

describe('the record of a home', () => {
  test('is read back by the commands and by the library, and says the same to Compose alone', async () => {
    const layout = await home();
    await writeChoice(layout, CHOICE);
    expect(await readChoice(layout)).toEqual(CHOICE);
    expect([runningEndpoint(layout), runningRedis(layout)]).toEqual([
      'http://127.0.0.1:11434',
      'redis://127.0.0.1:6379',
    ]);
    // Quoted: neither Compose puts anything in a dollar's place.
    expect(readFileSync(layout.composeEnv, 'utf8')).toContain("LLM_WEIGHTS='/srv/my models $HOME'");
  });

  test.each([
    ['an engine of another machine', { endpoint: 'http://203.0.113.7:11434' }],
    ['a Redis of another machine', { redis: { ...CHOICE.redis, url: 'redis://evil.example:6379' } }],
  ])('that came with a project cannot lead calls and keys to %s', async (_, more) => {
    const layout = await home();
    await writeChoice(layout, { ...CHOICE, ...more } as ComposeChoice);
    expect(await readChoice(layout)).toBeNull();
    const led = [runningEndpoint(layout), runningRedis(layout)].join(' ');
    expect(led).not.toMatch(/203\.0|evil/);
  });

  test('that names a container of somebody else’s has nothing removed', async () => {
    const layout = await home();
    const calls: string[] = [];
    const inspect = JSON.stringify([
      {
        ...{ Id: 'x', Name: '/payments-db', RestartCount: 0 },
        State: {
          ...{ Status: 'running', Running: true, Restarting: false, OOMKilled: false, ExitCode: 0 },
          StartedAt: '2026-11-25T18:00:00Z',
        },
        ...{ Config: { Image: 'postgres:17' }, HostConfig: {}, NetworkSettings: {} },
      },
    ]);
    const docker = machine({ 'docker container inspect payments-db': recorded(inspect) });
    const run: typeof docker = (command, args, options) => {
      calls.push(args.join(' '));
      return docker(command, args, options);
    };
    const how = { run, layout, graceMs: 1, known: ['botfactory-llm'] };
    await expect(
      composeDown({ ...CHOICE, container: 'payments-db', redis: null }, how),
    ).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('payments-db'),
    });
    expect(calls.filter((call) => /^(?:stop|rm)/.test(call))).toEqual([]);
  });
});
