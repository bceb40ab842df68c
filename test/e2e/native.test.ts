import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Operator, saysReady, toRun } from '../support/cli.js';
import { ORACLE, oracleIsMissing } from '../support/oracle-server.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

let operator: Operator;
let model: string;

beforeAll(async () => {
  // The folder of npm and node must stay; a llama-server of the machine's own must not decide what is tested.
  operator = await Operator.create({ PATH: path.dirname(process.execPath) });
  model = path.join(operator.home, 'tiny.gguf');
  writeTinyGguf(model, { context: 2048 });
});
afterAll(() => operator[Symbol.asyncDispose]());
beforeEach(() => operator.down());

const up = (env: Record<string, string>, ...args: string[]) =>
  operator.runWith({ env }, 'up', '--model', model, '--gpu', 'none', ...args);
const state = async () =>
  JSON.parse(await readFile(path.join(operator.env.BOTLLM_HOME ?? '', 'state', 'engine.json'), 'utf8')) as {
    pid: number;
  };
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 2_000 && alive(pid); i++) await sleep(50);
  expect(alive(pid)).toBe(false);
}

/** Ids of the processes whose command line has all of these words. */
function processesWith(words: string[]): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return words.every((word) => line.includes(word));
    } catch {
      return false;
    }
  });
}

describe('up --engine auto', () => {
  test('starts the embedded engine where no llama-server is found, and says so', async () => {
    const run = await up({}, '--json');
    expect(run.exitCode).toBe(0);
    expect(run.json().data).toMatchObject({
      engine: 'embedded',
      why: expect.stringContaining('no llama-server'),
    });
  });

  test('passes over a llama-server on PATH that does not run here, and says so', async () => {
    const folder = path.join(operator.home, 'broken');
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, 'llama-server'),
      '#!/bin/sh\necho "cannot open libllama.so" >&2\nexit 127\n',
    );
    await chmod(path.join(folder, 'llama-server'), 0o755);
    const PATH = `${folder}${path.delimiter}${operator.env.PATH}`;
    const run = await up({ PATH }, '--json');
    expect(run.json().data).toMatchObject({
      engine: 'embedded',
      why: expect.stringContaining('does not run here'),
    });
    await operator.run('down');
    const asked = await up({ PATH }, '--engine', 'native');
    expect([asked.exitCode, asked.stderr]).toEqual([5, expect.stringContaining('libllama.so')]);
  });
});

describe('what cannot be the native engine says why', () => {
  test('none to be found ends with 5 and names the setting', async () => {
    const run = await up({}, '--engine', 'native');
    expect([run.exitCode, run.stderr]).toEqual([5, expect.stringContaining('LLAMA_SERVER_BIN')]);
  });

  test('a setting that names no program is never passed over: exit 6', async () => {
    const run = await up({ LLAMA_SERVER_BIN: '/nowhere/llama-server' });
    expect([run.exitCode, run.stderr]).toEqual([6, expect.stringContaining('/nowhere/llama-server')]);
  });

  test.each(['--idle-timeout', '--memory'])('%s is refused, with the engine that has it', async (option) => {
    const run = await up({}, '--engine', 'native', option, option === '--memory' ? '6g' : '30m');
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('--engine embedded')]);
  });
});

describe.skipIf(oracleIsMissing)('a llama-server', () => {
  const named = { LLAMA_SERVER_BIN: ORACLE };

  test('on PATH is taken, answers a bot’s call, and is seen, read and stopped like any engine', async () => {
    const folder = path.join(operator.home, 'bin');
    await mkdir(folder, { recursive: true });
    await symlink(ORACLE, path.join(folder, 'llama-server')).catch(() => undefined);
    const run = await up(
      { PATH: `${folder}${path.delimiter}${operator.env.PATH}` },
      '--context',
      '2048',
      '--json',
    );
    expect(run.exitCode).toBe(0);
    expect(run.json().data).toMatchObject({
      engine: 'native',
      state: 'ready',
      model: 'tiny',
      device: 'cpu',
      context: 2048,
      slots: 4,
      why: expect.stringContaining(folder),
    });
    const phases = run.stdout.split('\n').map((line) => JSON.parse(line).phase);
    expect(phases.filter((phase) => phase !== undefined)).toEqual(
      expect.arrayContaining(['checks', 'model', 'start', 'probe']),
    );
    const { pid } = await state();

    const again = await up({}, '--json');
    expect(again.json().data).toMatchObject({ engine: 'native', alreadyRunning: true, pid });
    const status = await operator.run('status', '--json');
    expect([status.exitCode, Object.keys(status.json().data)]).toEqual([
      0,
      expect.arrayContaining('engine state endpoint pid model device startedAt context version'.split(' ')),
    ]);
    expect((await operator.run('health')).stdout).toBe('ready');
    expect((await operator.run('health', '--deep')).exitCode).toBe(0);
    const asked = await operator.run('try', 'intent', 'canary-5512', '--json', '--allow-fallback');
    expect(asked.json().data).toMatchObject({ source: 'model' });
    const logs = await operator.run('logs', '-n', '100000');
    expect(logs.stdout).toContain('starting');
    expect(logs.stdout).not.toContain('canary-5512');

    expect((await operator.run('down', '--json')).json().data).toMatchObject({ stopped: true, pid });
    await gone(pid);
    expect((await operator.run('status')).exitCode).toBe(3);
  });

  test('that runs is not swapped for the embedded engine in silence', async () => {
    expect((await up(named)).exitCode).toBe(0);
    const run = await up(named, '--engine', 'embedded');
    expect([run.exitCode, run.stderr]).toEqual([
      5,
      expect.stringContaining('native runs, embedded asked for'),
    ]);
  });

  test('that has no --idle-timeout gives way to the embedded engine under auto, which says so', async () => {
    const run = await up(named, '--idle-timeout', '30m', '--json');
    expect(run.json().data).toMatchObject({
      engine: 'embedded',
      why: expect.stringContaining('--idle-timeout'),
    });
  });

  test('that is frozen is not healthy, and down ends it all the same', async () => {
    await up(named);
    const { pid } = await state();
    process.kill(pid, 'SIGSTOP');
    try {
      expect((await operator.run('status', '--json')).json().data.state).toBe('unhealthy');
      expect((await operator.run('down', '--timeout', '500ms')).exitCode).toBe(0);
      await gone(pid);
    } finally {
      if (alive(pid)) process.kill(pid, 'SIGKILL');
    }
  });

  test('that was killed is not mistaken for another program on its port', async () => {
    await up(named);
    const { pid } = await state();
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    const other = createServer((_, response) => response.end('{"status":"ok"}'));
    await new Promise<void>((resolve) => other.listen(operator.port, '127.0.0.1', resolve));
    try {
      expect((await operator.run('status')).exitCode).toBe(3);
      expect((await up(named)).exitCode).toBe(5);
    } finally {
      other.close();
    }
  });

  test('that cannot load a model says so with its own words', async () => {
    const file = path.join(operator.home, 'strange.gguf');
    const bytes = await readFile(model);
    // Another architecture of the same length: the file is whole, and nobody knows what it is.
    const at = bytes.indexOf('general.architecture') + 'general.architecture'.length + 4 + 8;
    bytes.write('llamx', at);
    await writeFile(file, bytes);
    const run = await operator.runWith({ env: named }, 'up', '--model', file, '--engine', 'native');
    expect([run.exitCode, run.stderr]).toEqual([5, expect.stringContaining('llamx')]);
    expect((await operator.run('status')).exitCode).toBe(3);
  });

  test('that could not have its memory is not started: the sum is told, as the embedded engine tells it', async () => {
    const run = await up(named, '--context', '10000000', '--slots', '64');
    expect([run.exitCode, run.stderr]).toEqual([
      5,
      expect.stringMatching(
        /does not fit into memory[\s\S]*KV cache .+ \(10,000,000 tokens × 64 slots\).*available/,
      ),
    ]);
    expect(run.stderr).not.toContain('the end of its log');
    expect((await operator.run('status')).exitCode).toBe(3);
  });

  test('has its log kept within bounds while it runs, by a process that ends with it', async () => {
    expect((await up(named)).exitCode).toBe(0);
    const { pid } = await state();
    const keepers = () => processesWith(['log-keeper.js', String(pid)]);
    expect(keepers()).toHaveLength(1);
    const log = path.join(operator.env.BOTLLM_HOME ?? '', 'logs', 'engine.log');
    await appendFile(log, 'x'.repeat(11 * 1024 * 1024));
    for (let i = 0; i < 600 && (await stat(log)).size > 1024 * 1024; i++) await sleep(50);
    expect((await stat(log)).size).toBeLessThan(1024 * 1024);
    await operator.run('down');
    for (let i = 0; i < 600 && keepers().length > 0; i++) await sleep(50);
    expect(keepers()).toEqual([]);
  });

  test('in the foreground logs to stderr and ends with the command', async () => {
    const child = operator.start(['up', '--model', model, '--gpu', 'none', '--foreground'], { env: named });
    await saysReady(child);
    const { pid } = await state();
    child.kill('SIGTERM');
    // 143: llama-server did not end when it was asked to, and was killed.
    expect([0, 143]).toContain(toRun(await child).exitCode);
    await gone(pid);
  });
});
