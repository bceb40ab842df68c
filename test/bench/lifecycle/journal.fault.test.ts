import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { benchLayout, journalFile } from '../../../src/bench/lifecycle/bench-layout.js';
import { type JournalContext, recoverBench, withJournal } from '../../../src/bench/lifecycle/journal.js';
import { type OperatorsEngine, servedBy } from '../../../src/bench/lifecycle/operators-engine.js';
import { type ComposeChoice, forgetChoice, writeChoice } from '../../../src/engines/compose/choice.js';
import type { RunTool } from '../../../src/engines/compose/run-tool.js';
import { processStartTime } from '../../../src/engines/process-identity.js';
import { type EngineState, liveState, writeState } from '../../../src/engines/state.js';
import { type HomeLayout, homeLayout } from '../../../src/settings/home.js';
import { eventually } from '../../support/eventually.js';

let home: string;
let layout: HomeLayout;
const asleep = () => execa('sleep', ['600'], { reject: false });
let begun: ReturnType<typeof asleep>[];
let brought: OperatorsEngine[];
let recovered: boolean[];
let asked: string[];
let ctx: JournalContext;

/** Docker with one container of that name. */
function docker(
  name: string,
  service = 'llm',
  { status = 'running', rm = false }: { status?: string; rm?: boolean } = {},
): RunTool {
  return async (_command, args) => {
    asked.push(args.join(' '));
    const isThere = args.includes('inspect') && args.includes(name);
    const facts = {
      ...{ Id: 'ab', Name: `/${name}`, Created: '2026-01-01T00:00:00Z', RestartCount: 0, Image: 'sha256:1' },
      State: {
        Status: status,
        Running: status === 'running',
        Restarting: false,
        Pid: 1,
        ExitCode: 0,
        OOMKilled: false,
        Error: '',
        StartedAt: '2026-01-01T00:00:00Z',
      },
      Config: { Image: 'x', Env: [], Cmd: [], Labels: { 'com.docker.compose.service': service } },
      HostConfig: { Memory: 0, AutoRemove: rm },
      NetworkSettings: { Networks: {}, Ports: {} },
      Mounts: [],
    };
    const stdout = isThere ? JSON.stringify([facts]) : '';
    const stderr = isThere ? '' : 'Error: No such container';
    return {
      exitCode: isThere || !args.includes('inspect') ? 0 : 1,
      stdout,
      stderr,
      all: stdout,
      missing: false,
    };
  };
}

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'botllm-journal-'));
  layout = homeLayout(home);
  [begun, brought, recovered, asked] = [[], [], [], []];
  ctx = {
    layout,
    sweep: docker('nobody'),
    known: ['llm', 'redis'],
    service: async () => null,
    bringBack: async (engine) => void brought.push(engine),
    onRecovered: ({ stoppedOwn }) => void recovered.push(stoppedOwn),
  };
});
afterEach(async () => {
  for (const child of begun) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** A process that is recorded as an engine. */
async function engine(place: HomeLayout, name: string): Promise<EngineState> {
  const child = asleep();
  begun.push(child);
  const pid = child.pid ?? 0;
  const state: EngineState = {
    ...{
      schema: 1,
      engine: 'embedded',
      pid,
      pidStartTime: (await processStartTime(pid)) ?? '',
      instanceId: name,
    },
    ...{ host: '127.0.0.1', port: 1, endpoint: 'http://127.0.0.1:1', settingsHash: '', botllmVersion: '' },
    ...{
      model: { name, path: `/${name}`, standIn: false },
      startedWith: { engine: 'embedded', model: name, gpu: 'none' },
    },
    startedAt: '2026-01-01T00:00:00Z',
  };
  await writeState(place, state);
  return state;
}
/** The container of an operator, as `up` recorded it. */
const choice: ComposeChoice = {
  ...{ schema: 1, engine: 'compose', family: 'llamacpp', container: 'llm', project: 'p', files: [], env: {} },
  ...{ endpoint: 'http://127.0.0.1:1', port: 1, model: 'tiny', gpus: [], adopted: false, redis: null },
  startedAt: '2026-01-01T00:00:00Z',
};
const isAlive = async ({ pid }: EngineState) => (await processStartTime(pid)) !== null;

/** What a measurement that was killed had written. */
async function left(record: object, pid = 2 ** 22 + 1, pidStartTime = 'gone'): Promise<void> {
  await mkdir(path.dirname(journalFile(layout)), { recursive: true });
  await writeFile(journalFile(layout), JSON.stringify({ schema: 1, pid, pidStartTime, ...record }));
}

describe('what a measurement changed', () => {
  test('is put right however it ends: its own engine stops, the one that it stopped runs again', async () => {
    for (const work of [async () => 'done', async () => Promise.reject(new Error('broken'))]) {
      const operators = await engine(layout, 'operators');
      brought = [];
      const ended = withJournal(ctx, async (journal) => {
        await journal.stopRunning(operators);
        expect(await isAlive(operators)).toBe(false);
        await engine(benchLayout(layout), 'own');
        return work();
      });
      await ended.catch(() => undefined);
      expect(brought.map(servedBy)).toEqual(['operators']);
      expect(await liveState(benchLayout(layout))).toBeNull();
      expect(existsSync(journalFile(layout))).toBe(false);
    }
  });

  test('an engine that a service keeps running is stopped by its manager first, which would start it again', async () => {
    const operators = { ...(await engine(layout, 'operators')), service: 'botllm.service' };
    const asked: boolean[] = [];
    const service = async () => ({ stop: async () => void asked.push(await isAlive(operators)) });
    await withJournal({ ...ctx, service }, ({ stopRunning }) => stopRunning(operators));
    expect([asked, await isAlive(operators), brought]).toEqual([[true], false, [operators]]);
  });

  test('is written down before it is done', async () => {
    const record = async () => JSON.parse(await readFile(journalFile(layout), 'utf8')) as unknown;
    const operators = await engine(layout, 'operators');
    // What it is asked last sees the record as a kill at that moment would leave it.
    process.kill(operators.pid, 'SIGSTOP');
    await withJournal(ctx, async (journal) => {
      await journal.starting({ container: 'llm-bench', network: 'net-bench' });
      expect(await record()).toMatchObject({ pid: process.pid, container: { container: 'llm-bench' } });
      const stopped = journal.stopRunning(operators);
      await eventually(async () => (JSON.stringify(await record()).includes('operators') ? true : undefined));
      expect(await isAlive(operators)).toBe(true);
      process.kill(operators.pid, 'SIGCONT');
      await stopped;
    });
  });

  test('and that a kill left is put right by the next, before anything else', async () => {
    const own = await engine(benchLayout(layout), 'own');
    const operators = await engine(layout, 'operators');
    const child = begun.at(-1);
    child?.kill('SIGKILL');
    await child;
    await left({ stopped: operators });
    await recoverBench(ctx);
    expect(await isAlive(own)).toBe(false);
    expect([brought.length, recovered]).toEqual([1, [true]]);
    expect(existsSync(journalFile(layout))).toBe(false);
    await recoverBench(ctx);
    expect(recovered).toHaveLength(1);
  });

  test('an engine that the operator started himself meanwhile stays his', async () => {
    const before = await engine(layout, 'before');
    await left({ stopped: before });
    const his = await engine(layout, 'his');
    await recoverBench(ctx);
    expect(brought).toEqual([]);
    expect(await isAlive(his)).toBe(true);
  });

  test('a container that it stopped runs again; one that the operator took down, replaced or started himself is left so', async () => {
    const exited = docker('llm', 'llm', { status: 'exited' });
    const recover = async (sweep: RunTool) => {
      brought = [];
      await left({ stopped: choice });
      await recoverBench({ ...ctx, sweep });
      return brought.map(servedBy);
    };
    await writeChoice(layout, choice);
    expect(await recover(exited)).toEqual(['tiny']);
    // Gone, but not by a `down`.
    expect(await recover(docker('nobody'))).toEqual(['tiny']);
    expect(await recover(docker('llm'))).toEqual([]);
    await writeChoice(layout, { ...choice, container: 'other' });
    expect(await recover(exited)).toEqual([]);
    await forgetChoice(layout);
    expect(await recover(exited)).toEqual([]);
    await writeChoice(layout, choice);
    await engine(layout, 'his');
    expect(await recover(exited)).toEqual([]);
    expect(asked.filter((line) => !line.startsWith('container inspect'))).toEqual([]);
  });

  test('a container that Docker would remove, or that is none of ours, is refused and not stopped', async () => {
    await writeChoice(layout, choice);
    for (const [sweep, named] of [
      [docker('llm', 'llm', { rm: true }), choice],
      [docker('database', 'somebody-elses'), { ...choice, container: 'database' }],
    ] as const) {
      const refused = withJournal({ ...ctx, sweep }, ({ stopRunning }) => stopRunning(named));
      await expect(refused).rejects.toMatchObject({
        code: 'BAD_CONFIG',
        message: expect.stringContaining(named.container),
      });
      expect(asked.filter((line) => !line.startsWith('container inspect'))).toEqual([]);
      expect([brought, existsSync(journalFile(layout))]).toEqual([[], false]);
    }
  });

  test('a stop that Ctrl-C ended with Docker’s own program is asked for again; what does not stop at all is an error', async () => {
    await writeChoice(layout, choice);
    const stopping = (succeedsAt: number) => {
      let stops = 0;
      const sweep: RunTool = async (command, args) => {
        if (args[0] === 'stop') stops += 1;
        const isOver = stops >= succeedsAt;
        const said = await docker('llm', 'llm', { status: isOver ? 'exited' : 'running' })(command, args);
        return args[0] === 'stop' && !isOver ? { ...said, exitCode: undefined } : said;
      };
      return withJournal({ ...ctx, sweep }, ({ stopRunning }) => stopRunning(choice)).then(() => stops);
    };
    expect([await stopping(2), brought.map(servedBy)]).toEqual([2, ['tiny']]);
    await expect(stopping(9)).rejects.toMatchObject({ code: 'ENGINE_FAILED', hint: 'docker stop llm' });
    expect(brought).toHaveLength(1);
  });

  test('while it goes on, another is refused, with its pid', async () => {
    await left({}, process.pid, (await processStartTime(process.pid)) ?? '');
    await expect(recoverBench(ctx)).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining(String(process.pid)),
    });
    await expect(withJournal(ctx, async () => undefined)).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(existsSync(journalFile(layout))).toBe(true);
  });

  test('a container of a killed measurement is removed, with its network; nothing that is not its own', async () => {
    const names = { container: 'llm-bench', network: 'net-bench' };
    await left({ container: names });
    await recoverBench({ ...ctx, sweep: docker('llm-bench') });
    expect(asked).toContain('rm -f -v llm-bench');
    expect(asked).toContain('network rm net-bench');
    expect(recovered).toEqual([true]);

    asked = [];
    await left({ container: names });
    await recoverBench({ ...ctx, sweep: docker('llm-bench', 'somebody-elses') });
    expect(asked.filter((line) => line.startsWith('rm '))).toEqual([]);
    // A record that came with a home.
    asked = [];
    await left({ container: { container: 'database', network: 'net-bench' } });
    await recoverBench({ ...ctx, sweep: docker('database') });
    expect(asked).toEqual([]);
  });
});
