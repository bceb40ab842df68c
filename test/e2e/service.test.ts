import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BIN, type CliRun, Operator } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';
import { UserManager } from '../support/user-manager.js';

const UNIT = 'botllm.service';

let operator: Operator;
let manager: UserManager;
let model: string;
let unitFile: string;

beforeAll(async () => {
  const plain = await Operator.create();
  manager = await UserManager.start(plain.home);
  // Every character of it has a meaning of its own in a unit.
  const home = path.join(plain.home, 'ho me%h$HOME"q');
  operator = await Operator.create({ ...manager.env, BOTLLM_HOME: home });
  const units = path.join(manager.env.XDG_CONFIG_HOME ?? '', 'systemd', 'user');
  unitFile = path.join(units, UNIT);
  // Only the pause is shortened.
  await mkdir(`${unitFile}.d`, { recursive: true });
  await writeFile(path.join(`${unitFile}.d`, 'soon.conf'), '[Service]\nRestartSec=200ms\n');
  model = path.join(operator.home, 'tiny $HOME %n.gguf');
  writeTinyGguf(model, { context: 2048 });
  return async () => {
    await manager.stop();
    await operator[Symbol.asyncDispose]();
    await plain[Symbol.asyncDispose]();
  };
});
afterEach(async () => {
  if (existsSync(unitFile)) await operator.run('down', '--service', '--timeout', '2s');
  await operator.down();
});

const OPTIONS = ['--engine', 'embedded', '--gpu', 'none'];
const up = (...more: string[]) =>
  operator.run('up', '--service', ...OPTIONS, '--model', model, '--json', ...more);
const file = (...parts: string[]) => readFile(path.join(operator.env.BOTLLM_HOME ?? '', ...parts), 'utf8');
const state = async () => JSON.parse(await file('state', 'engine.json')) as { pid: number; service?: string };
const pidOf = (run: CliRun) => run.json().data.pid as number;
/** A model whose header can be read, of a kind that llama.cpp finds out not to know when it loads it. */
async function unloadable(name: string): Promise<string> {
  const text = (await readFile(model)).toString('latin1').replaceAll('llama', 'lxama');
  const bad = path.join(operator.home, `${name}.gguf`);
  await writeFile(bad, text, 'latin1');
  return bad;
}
/** The engine that came after the one with this pid. */
const next = (pid: number) =>
  eventually(async () => {
    const now = await state().catch(() => undefined);
    return now && now.pid !== pid ? now : undefined;
  });
const unit = () => manager.show(UNIT, 'ActiveState');

describe('up --service', () => {
  test('keeps the engine running: a killed one is started again, and so is the command beside it', async () => {
    const first = await up();
    expect([first.exitCode, first.json().data]).toMatchObject([
      0,
      { state: 'ready', alreadyRunning: false, service: { kind: 'systemd', name: UNIT, file: unitFile } },
    ]);
    expect([await unit(), await manager.show(UNIT, 'UnitFileState')]).toEqual(['active', 'enabled']);
    const { pid } = await state();
    process.kill(pid, 'SIGKILL');
    const second = await next(pid);
    expect((await operator.run('health', '--wait')).exitCode).toBe(0);
    const main = Number(await manager.show(UNIT, 'MainPID'));
    process.kill(main, 'SIGKILL');
    const third = await next(second.pid);
    expect(third.service).toBe(UNIT);
    expect((await operator.run('health', '--wait')).exitCode).toBe(0);
    const status = await operator.run('status', '--json');
    expect(status.json().data.service).toMatchObject({ name: UNIT, state: 'running', restarts: 2 });
    // Its log is where an engine's log always is.
    expect(await file('logs', 'engine.log')).toContain('"ready"');
    const doctor = await operator.run('doctor', '--json');
    expect(doctor.stdout).toContain('"id":"service","verdict":"ok"');

    const down = await operator.run('down', '--service', '--json');
    expect(down.json().data).toEqual({ stopped: true, removed: true, service: UNIT });
    expect([await unit(), await manager.show(UNIT, 'Result')]).toEqual(['inactive', 'success']);
    await expect(readFile(unitFile)).rejects.toThrow('ENOENT');
    expect((await operator.run('status')).exitCode).toBe(3);
    const again = await operator.run('down', '--service', '--json');
    expect([again.exitCode, again.json().data]).toEqual([0, { stopped: false, removed: false }]);
  });

  test('twice is once, and takes over from an engine that was started by hand, as it is', async () => {
    const byHand = await operator.run('up', ...OPTIONS, '--model', model, '--context', '512', '--json');
    const first = await operator.run('up', '--service', '--json');
    expect([first.exitCode, first.json().data]).toMatchObject([0, { context: 512, alreadyRunning: false }]);
    expect(pidOf(first)).not.toBe(pidOf(byHand));
    // A process that has ended is there until its parent, the machine's first process, has asked for it.
    await eventually(async () => (existsSync(`/proc/${pidOf(byHand)}`) ? undefined : true));
    const second = await operator.run('up', '--service', '--json');
    expect(second.json().data).toMatchObject({ alreadyRunning: true, pid: pidOf(first) });
    const plain = await operator.run('up', '--json');
    expect(plain.json().data).toMatchObject({ alreadyRunning: true, pid: pidOf(first) });
    const other = await up('--context', '256');
    expect(other.json().data).toMatchObject({ context: 256, alreadyRunning: false });
  });

  test('down stops it without a restart, and up starts it again', async () => {
    const first = await up();
    const down = await operator.run('down');
    expect(down.stdout).toContain('botllm up');
    expect(await unit()).toBe('inactive');
    const facts = (await operator.run('status', '--json')).json().data.service;
    expect(facts).toMatchObject({ state: 'stopped' });
    await sleep(1_000);
    expect(await unit()).toBe('inactive');
    const again = await operator.run('up', '--json');
    expect([again.exitCode, await unit()]).toEqual([0, 'active']);
    expect(pidOf(again)).not.toBe(pidOf(first));
  });

  test('restart and switch go through it, and a switch to what cannot be served ends where it began', async () => {
    const first = await up();
    const restart = await operator.run('restart', '--json');
    expect([restart.exitCode, await unit()]).toEqual([0, 'active']);
    expect(pidOf(restart)).not.toBe(pidOf(first));
    const other = path.join(operator.home, 'other.gguf');
    writeTinyGguf(other, { context: 2048 });
    const switched = await operator.run('switch', other, '--json');
    expect(switched.json().data).toMatchObject({ switched: true, model: 'other' });
    expect(await unit()).toBe('active');
    expect(await readFile(unitFile, 'utf8')).toContain('other.gguf');
    const failed = await operator.run('switch', await unloadable('bad'), '--json');
    expect([failed.exitCode, failed.json().error.message]).toEqual([5, expect.stringContaining('other')]);
    const status = await operator.run('status', '--json');
    expect([status.json().data.model, status.json().data.service]).toMatchObject([
      'other',
      { state: 'running' },
    ]);
  });

  test('bench --stop-running stops it without a restart, and afterwards it is the service that runs again', async () => {
    await up();
    const beta = path.join(operator.home, 'beta.gguf');
    writeTinyGguf(beta, { context: 2048 });
    const load = ['--pp', '16', '--tg', '9', '--runs', '1', '--requests', '10000', '--no-self-test'];
    const bench = operator.start(['bench', ...load, ...OPTIONS, '--models', beta, '--stop-running']);
    await eventually(() => file('bench', 'state', 'engine.json').catch(() => undefined));
    expect([await unit(), await state().catch(() => null)]).toEqual(['inactive', null]);
    bench.kill('SIGINT');
    const { exitCode, stderr } = await bench;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('Starting the engine again')]);
    expect([await unit(), (await state()).service]).toEqual(['active', UNIT]);
    expect((await operator.run('health')).exitCode).toBe(0);
  });

  test('what cannot start leaves no unit, and ends with the code and the words of its cause', async () => {
    const memory = await up('--memory', '1m');
    expect([memory.exitCode, memory.json().error.code]).toEqual([5, 'NOT_ENOUGH_MEMORY']);
    await expect(readFile(unitFile)).rejects.toThrow('ENOENT');
    const bad = await unloadable('worse');
    const broken = await operator.run('up', '--service', ...OPTIONS, '--model', bad, '--json');
    expect([broken.exitCode, broken.json().error.code]).toEqual([5, 'MODEL_BROKEN']);
    await expect(readFile(unitFile)).rejects.toThrow('ENOENT');
    expect(await unit()).toBe('inactive');
  });

  test('a unit that another home has written, or that botllm has not, is left as it is', async () => {
    const foreign = '[Service]\nExecStart=/bin/true\n';
    await writeFile(unitFile, foreign);
    try {
      const run = await up();
      expect([run.exitCode, run.stderr]).toEqual([6, expect.stringContaining(unitFile)]);
      expect((await operator.run('down', '--service')).exitCode).toBe(6);
      expect(await readFile(unitFile, 'utf8')).toBe(foreign);
    } finally {
      await manager.systemctl('stop', UNIT);
      await rm(unitFile);
    }
  });
});

describe('what its unit runs', () => {
  test('lets what is in flight finish when the manager asks it to stop, and exits with 0', async () => {
    const { port } = operator;
    await up();
    const { pid } = await state();
    const streams: string[] = [];
    const askOnAndOn = async () => {
      for (;;) {
        const reply = await fetch(`http://127.0.0.1:${port}/v1/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ prompt: 'Hi', max_tokens: 400, temperature: 0, stream: true }),
        }).catch(() => undefined);
        if (reply?.status !== 200) return;
        streams.push(await reply.text().catch(String));
      }
    };
    // A tiny model answers in no time: so somebody always asks.
    const askers = Promise.all([1, 2, 3, 4].map(askOnAndOn));
    await eventually(async () => (streams.length > 8 ? true : undefined));
    await operator.run('down');
    await askers;
    for (const stream of streams) expect(stream.trimEnd()).toMatch(/data: \[DONE\]$/);
    expect(await file('logs', 'engine.log')).toMatch(/"event":"stopped","drained":true/);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect([await manager.show(UNIT, 'Result'), await manager.show(UNIT, 'ExecMainStatus')]).toEqual([
      'success',
      '0',
    ]);
  });
});

describe('what a service cannot be', () => {
  test.each([
    [['--engine', 'compose'], 'Docker'],
    [['--engine', 'remote', '--base-url', 'http://127.0.0.1:1'], 'remote'],
    [['--idle-timeout', '5m'], '--idle-timeout'],
    [['--foreground'], '--foreground'],
  ])('%j is refused with a reason', async (args, words) => {
    const run = await operator.run('up', '--service', ...args);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  test('without a manager it ends with 5; --dry-run prints the unit all the same, and changes nothing', async () => {
    const env = { XDG_RUNTIME_DIR: path.join(operator.home, 'nothing') };
    const args = ['up', '--service', ...OPTIONS, '--model', model];
    const run = await operator.runWith({ env }, ...args);
    expect([run.exitCode, run.stderr]).toEqual([5, expect.stringContaining('--dry-run')]);
    const dry = await operator.runWith({ env }, ...args, '--dry-run');
    expect([dry.exitCode, dry.stdout]).toEqual([0, expect.stringMatching(/^ExecStart=.*botllm\.js/m)]);
    expect(dry.stdout).toContain(path.basename(BIN));
    await expect(readFile(unitFile)).rejects.toThrow('ENOENT');
  });

  test('a home that a project’s file names is none', async () => {
    const folder = path.join(operator.home, 'project');
    await mkdir(folder);
    await writeFile(path.join(folder, 'botllm.config.yaml'), 'home: ./own\n');
    const { BOTLLM_HOME: _, ...env } = operator.env;
    const run = await operator.start(['up', '--service', ...OPTIONS, '--model', model], {
      cwd: folder,
      env: { ...env, BOTLLM_HOME: '' },
    });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('BOTLLM_HOME')]);
  });
});
