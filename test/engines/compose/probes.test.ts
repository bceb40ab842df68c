import { describe, expect, test } from 'vitest';
import { findCompose, requireCompose } from '../../../src/engines/compose/compose-tool.js';
import { inspectContainer, readContainer } from '../../../src/engines/compose/container.js';
import { containerStats, dockerBytes, readStats } from '../../../src/engines/compose/container-stats.js';
import {
  containerLog,
  containersOnPort,
  readDockerVersion,
  requireDocker,
} from '../../../src/engines/compose/docker.js';
import { probeGpu, readCards } from '../../../src/engines/compose/gpu.js';
import { toolRunner } from '../../../src/engines/compose/run-tool.js';
import {
  INFO_CDI,
  INFO_NVIDIA,
  INFO_PLAIN,
  machine,
  NVML_MISMATCH,
  ONE_L4,
  recorded,
  TWO_CARDS,
} from './recorded.js';

describe('Docker', () => {
  test.each([
    ['running', recorded('28.5.1\n')],
    [
      'down',
      recorded('', {
        exitCode: 1,
        stderr:
          'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
      }),
    ],
    [
      'no-permission',
      recorded('', {
        exitCode: 1,
        stderr:
          'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n',
      }),
    ],
    ['no-client', recorded('', { exitCode: undefined, missing: true })],
    ['unknown', recorded('', { exitCode: 1, stderr: 'Error response from daemon: teapot\n' })],
  ] as const)('%s is told from what the client prints', (state, run) => {
    expect(readDockerVersion(run).state).toBe(state);
  });

  test('that is not there is exit 5 with a way on', async () => {
    await expect(requireDocker(machine({}))).rejects.toMatchObject({
      code: 'MISSING_PREREQUISITE',
      hint: expect.stringContaining('--engine embedded'),
    });
  });

  test('is asked with this machine’s own client, which says what it finds', async () => {
    const run = toolRunner({ PATH: process.env.PATH });
    const { missing, exitCode } = await run('no-such-program-here', []);
    expect([missing, exitCode]).toEqual([true, undefined]);
    const echo = await run('sh', ['-c', 'echo out; echo err >&2; exit 3']);
    expect(echo).toMatchObject({ exitCode: 3, stdout: 'out', stderr: 'err', missing: false });
    const late = await run('sleep', ['5'], { timeoutMs: 50 });
    expect(late).toMatchObject({ exitCode: undefined, stderr: expect.stringContaining('no answer') });
  });
});

describe('Compose', () => {
  const plugin = (version: string) => ({ 'docker compose version': recorded(`${version}\n`) });
  const none = { 'docker compose': recorded('', { exitCode: 1, stderr: 'docker: unknown command' }) };

  test.each([
    ['2.39.1', 2],
    ['v5.0.0', 5],
  ])('%s is the plugin of major %i', async (version, major) => {
    expect(await findCompose(machine(plugin(version)))).toMatchObject({
      command: 'docker',
      prefix: ['compose'],
      major,
    });
  });

  test('1.29.2 is taken where there is no plugin, and the plugin before it where there are both', async () => {
    const old = { 'docker-compose version': recorded('1.29.2\n') };
    expect(await findCompose(machine({ ...none, ...old }))).toMatchObject({
      command: 'docker-compose',
      prefix: [],
      major: 1,
    });
    expect(await findCompose(machine({ ...plugin('2.20.0'), ...old }))).toMatchObject({ command: 'docker' });
  });

  test('a docker without the plugin that prints its own version is no Compose', async () => {
    const odd = machine({ 'docker compose': recorded('Docker version 28.2.2, build e6534b4\n') });
    await expect(requireCompose(odd)).rejects.toMatchObject({ code: 'MISSING_PREREQUISITE' });
  });
});

describe('the GPU (recorded outputs, no card was at hand)', () => {
  test.each([
    ['nvidia-runtime', INFO_NVIDIA],
    ['cdi', INFO_CDI],
    [undefined, INFO_PLAIN],
  ] as const)('reaches containers by %s', async (way, info) => {
    const gpu = await probeGpu(machine({ 'nvidia-smi': ONE_L4, 'docker info': info }));
    expect(gpu).toMatchObject({ way, cards: [{ index: '0', name: 'NVIDIA L4', driver: '550.54.15' }] });
    expect(gpu.cards[0]?.totalBytes).toBe(23_034 * 1024 ** 2);
  });

  test('two cards are two, each with its own free memory', async () => {
    const { cards } = await probeGpu(machine({ 'nvidia-smi': TWO_CARDS, 'docker info': INFO_NVIDIA }));
    expect(cards.map(({ index, freeBytes }) => [index, freeBytes / 1024 ** 2])).toEqual([
      ['0', 24_101],
      ['1', 1_204],
    ]);
  });

  test.each([
    ['no driver', {}],
    ['a driver that does not answer', { 'nvidia-smi': NVML_MISMATCH }],
  ])('%s is no card', async (_, answers) => {
    expect(await probeGpu(machine(answers))).toEqual({ cards: [], way: undefined });
  });
});

test('docker stats are read in bytes', () => {
  const line =
    '{"BlockIO":"0B / 0B","CPUPerc":"103.52%","Container":"x","ID":"x","MemPerc":"3%","MemUsage":"180.4MiB / 6GiB","Name":"botfactory-llm","NetIO":"1.2MB / 3kB","PIDs":"3"}';
  expect(readStats(line)).toEqual({
    name: 'botfactory-llm',
    cpuPercent: 103.52,
    memoryBytes: Math.round(180.4 * 1024 ** 2),
    memoryLimitBytes: 6 * 1024 ** 3,
    netInBytes: 1_200_000,
    netOutBytes: 3_000,
    tasks: 3,
  });
  expect(readStats('')).toBeUndefined();
  expect(dockerBytes('1.5GB')).toBe(1.5e9);
});

test('a card tells how busy it is, where its driver says so', () => {
  const busy = (csv: string) => readCards(recorded(csv)).map(({ busyPercent }) => busyPercent);
  expect(busy('0, NVIDIA L4, 23034, 22563, 550.54.15, 37\n')).toEqual([37]);
  expect(busy('0, NVIDIA GRID, 8192, 8000, 550.54.15, [N/A]\n')).toEqual([undefined]);
});

test('an inspected container tells its state, its ports and who made it', () => {
  const inspected = [
    {
      Id: 'ab',
      Name: '/botfactory-llm',
      RestartCount: 2,
      State: {
        Status: 'running',
        Running: true,
        Restarting: false,
        OOMKilled: false,
        ExitCode: 0,
        Error: '',
        StartedAt: '2026-11-25T18:00:00Z',
        Pid: 7,
        Health: { Status: 'healthy' },
      },
      Config: {
        Image: 'llama:1',
        Env: ['MODEL_ID=a/b', 'EMPTY='],
        Cmd: null,
        Labels: { 'com.docker.compose.project': 'bots' },
      },
      HostConfig: {
        Memory: 1024,
        Runtime: 'runc',
        DeviceRequests: null,
        PortBindings: { '11434/tcp': [{ HostIp: '127.0.0.1', HostPort: '11500' }] },
      },
      NetworkSettings: { Networks: { botfactory: {} } },
    },
  ];
  expect(readContainer(JSON.stringify(inspected))).toMatchObject({
    name: 'botfactory-llm',
    restarts: 2,
    health: 'healthy',
    env: { MODEL_ID: 'a/b', EMPTY: '' },
    published: [{ inner: 11434, host: '127.0.0.1', port: 11500 }],
    networks: ['botfactory'],
    memoryLimit: 1024,
    gpu: false,
  });
  expect(readContainer('[]')).toBeUndefined();
});

test('what is not there has no state, no log, no figures and no port', async () => {
  const refused = recorded('', { exitCode: 1, stderr: 'Error: No such container: nobody\n' });
  const run = machine({ docker: refused });
  expect(await inspectContainer(run, 'nobody')).toBeUndefined();
  expect(await containerLog(run, 'nobody', { tail: 5, since: '1m' })).toEqual([]);
  expect(await containerStats(run, ['nobody'])).toEqual([]);
  expect(await containersOnPort(run, 11_434)).toEqual([]);
});
