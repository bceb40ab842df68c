import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Operator, saysReady, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

let operator: Operator;
let model: string;

beforeAll(async () => {
  operator = await Operator.create();
  model = path.join(operator.home, 'tiny.gguf');
  writeTinyGguf(model, { context: 2048 });
});
afterAll(() => operator[Symbol.asyncDispose]());
beforeEach(() => operator.down());

const up = (...args: string[]) =>
  operator.run('up', '--engine', 'embedded', '--model', model, '--gpu', 'none', ...args);
const stateFile = () => path.join(operator.env.BOTLLM_HOME ?? '', 'state', 'engine.json');
const state = async () =>
  JSON.parse(await readFile(stateFile(), 'utf8')) as { pid: number; instanceId: string };
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

describe('up and down', () => {
  test('up waits until a token can be made, is idempotent, and status says what runs', async () => {
    const first = await up('--json');
    expect(first.exitCode).toBe(0);
    expect(first.json().schema).toBe('botllm.up/1');
    expect(first.json().data).toMatchObject({
      state: 'ready',
      alreadyRunning: false,
      model: 'tiny',
      engine: 'embedded',
    });
    const second = await up('--json');
    expect(second.json().data).toMatchObject({
      state: 'ready',
      alreadyRunning: true,
      pid: first.json().data.pid,
    });
    const status = await operator.run('status', '--json');
    expect(status.exitCode).toBe(0);
    expect(Object.keys(status.json().data)).toEqual(
      expect.arrayContaining([
        'engine',
        'state',
        'endpoint',
        'pid',
        'model',
        'device',
        'startedAt',
        'context',
        'version',
      ]),
    );
    expect((await operator.run('health')).stdout).toBe('ready');
    expect((await operator.run('health', '--deep', '--json')).json().data.tokenMs).toEqual(
      expect.any(Number),
    );
    const down = await operator.run('down', '--json');
    expect(down.json().data).toMatchObject({ stopped: true });
    await gone(first.json().data.pid as number);
    expect((await operator.run('down', '--json')).json().data).toEqual({ stopped: false });
  });

  test('up --json tells its phases as NDJSON before the result', async () => {
    const lines = (await up('--json')).stdout.split('\n').map((line) => JSON.parse(line));
    const phases = lines.filter((line) => line.type === 'phase').map((line) => line.phase);
    expect(phases.slice(0, 3)).toEqual(['checks', 'model', 'start']);
    expect(lines.at(-1).schema).toBe('botllm.up/1');
  });

  test('status and health carry the state in their exit codes when nothing runs', async () => {
    for (const command of ['status', 'health']) {
      expect((await operator.run(command)).exitCode).toBe(3);
      const json = await operator.run(command, '--json');
      expect(json.exitCode).toBe(3);
      expect(json.json().data.state).toBe('stopped');
    }
    expect((await operator.run('health', '--wait')).exitCode).toBe(3);
  });

  test('two at once start one engine', async () => {
    const [a, b] = await Promise.all([up('--json'), up('--json')]);
    expect([a.exitCode, b.exitCode]).toEqual([0, 0]);
    expect(a.json().data.pid).toBe(b.json().data.pid);
    expect([a.json().data.alreadyRunning, b.json().data.alreadyRunning].sort()).toEqual([false, true]);
  });

  test('an engine that was killed leaves a stale state, which the next command notices', async () => {
    await up();
    const { pid, instanceId } = await state();
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    expect((await operator.run('status')).exitCode).toBe(3);
    expect((await up()).exitCode).toBe(0);
    expect((await state()).instanceId).not.toBe(instanceId);
  });

  test('a pid that another process got is never taken for the engine, and never killed', async () => {
    await up();
    const recorded = await readFile(stateFile(), 'utf8');
    await operator.run('down');
    await writeFile(stateFile(), JSON.stringify({ ...JSON.parse(recorded), pid: process.pid }));
    expect((await operator.run('status')).exitCode).toBe(3);
    expect((await operator.run('down', '--json')).json().data).toEqual({ stopped: false });
  });

  test('a state file of nonsense is no obstacle', async () => {
    await up();
    await operator.run('down');
    await writeFile(stateFile(), '{"schema":1,"pid":"');
    expect((await up()).exitCode).toBe(0);
  });

  test('a frozen engine is not healthy, and down ends it all the same', async () => {
    await up();
    const { pid } = await state();
    process.kill(pid, 'SIGSTOP');
    const status = await operator.run('status', '--json');
    expect([status.exitCode, status.json().data.state]).toEqual([4, 'unhealthy']);
    expect((await operator.run('down', '--timeout', '500ms')).exitCode).toBe(0);
    await gone(pid);
  });

  test('a taken port ends with 5 and says by whom', async () => {
    const ollama = createServer((_, response) => response.end('Ollama is running'));
    await new Promise<void>((resolve) => ollama.listen(operator.port, '127.0.0.1', resolve));
    try {
      const run = await up();
      expect(run.exitCode).toBe(5);
      expect(run.stderr).toContain('Ollama');
      expect(run.stderr).toMatch(/Try: .*--port/);
    } finally {
      ollama.close();
    }
  });

  test('other settings than those that run are named, not silently ignored', async () => {
    await up();
    const run = await up('--context', '128');
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain('context: default runs, 128 asked for');
    const other = await operator.run('up', '--model', 'smollm2-135m');
    expect(other.exitCode).toBe(5);
    expect(other.stderr).toContain('model: tiny runs, smollm2-135m asked for');
  });

  test('Ctrl-C during up stops what this call started', async () => {
    const child = operator.start(['up', '--engine', 'embedded', '--model', model, '--gpu', 'none']);
    const { pid } = await eventually(() => state().catch(() => undefined));
    child.kill('SIGINT');
    const run = toRun(await child);
    // It may have been ready a moment before: then it stays, as after any other `up`.
    if (run.exitCode === 130) await gone(pid);
    else expect(run.exitCode).toBe(0);
  });

  test('in the foreground the log goes to stderr, and Ctrl-C ends engine and command', async () => {
    const child = operator.start([
      'up',
      '--engine',
      'embedded',
      '--model',
      model,
      '--gpu',
      'none',
      '--foreground',
    ]);
    await saysReady(child);
    const { pid } = await state();
    child.kill('SIGINT');
    const run = toRun(await child);
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toContain('"');
    await gone(pid);
    expect((await operator.run('status')).exitCode).toBe(3);
  });

  test('in the foreground SIGTERM lets it finish, and that is success', async () => {
    const child = operator.start([
      'up',
      '--engine',
      'embedded',
      '--model',
      model,
      '--gpu',
      'none',
      '--foreground',
    ]);
    await saysReady(child);
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(0);
  });

  test('with an idle timeout the engine leaves by itself', async () => {
    const started = await up('--idle-timeout', '1s', '--json');
    await gone(started.json().data.pid as number);
    expect((await operator.run('status')).exitCode).toBe(3);
  });
});

describe('what cannot start says why', () => {
  const broken = async (name: string, content: string | Buffer) => {
    const file = path.join(operator.home, name);
    await writeFile(file, content);
    return operator.run('up', '--engine', 'embedded', '--model', file);
  };

  test('a file that is no GGUF, before an engine starts', async () => {
    const run = await broken('poem.gguf', 'roses are red');
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain('poem');
  });

  test('an empty file, a file cut short, a missing file, a folder', async () => {
    expect((await broken('empty.gguf', '')).exitCode).toBe(5);
    const whole = await readFile(model);
    expect((await broken('cut.gguf', whole.subarray(0, whole.length / 2))).exitCode).toBe(5);
    expect((await operator.run('up', '--model', './none.gguf')).exitCode).toBe(5);
    expect((await operator.run('up', '--model', operator.home)).exitCode).toBe(5);
  });

  test('an unknown alias is a usage error with the nearest name', async () => {
    const run = await operator.run('up', '--model', 'qwen3-1.7');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('qwen3-1.7b');
  });

  test('too little memory, with the sum', async () => {
    const run = await up('--memory', '1m');
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toMatch(/KV|context/);
  });

  test('a bad setting, with variable, value and range', async () => {
    const run = await operator.runWith({ env: { LLM_TIMEOUT: 'soon' } }, 'status');
    expect(run.exitCode).toBe(6);
    expect(run.stderr).toContain('LLM_TIMEOUT is "soon"');
  });
});

describe('logs', () => {
  test('are the engine’s, the last lines of them, and never hold what was asked', async () => {
    await up();
    await operator.run('try', 'intent', 'canary-7391', '--allow-fallback');
    const run = await operator.run('logs', '-n', '3');
    expect(run.exitCode).toBe(0);
    expect(run.stdout.split('\n')).toHaveLength(3);
    expect((await operator.run('logs', '-n', '100000')).stdout).not.toContain('canary-7391');
    const events = await operator.run('logs', '--event', 'llm_request', '--json');
    expect(events.stdout).toContain('"event":"llm_request"');
    expect(events.stdout).not.toContain('canary-7391');

    const stats = await operator.run('stats', '--json');
    expect(stats.json().data).toMatchObject({
      engine: 'embedded',
      units: [{ cpuPercent: expect.any(Number), memoryBytes: expect.any(Number), tasks: expect.any(Number) }],
    });
    // Nobody counts a process's bytes on the network.
    expect(stats.stdout).not.toContain('netInBytes');
  });

  test('say so when there are none, and refuse an event that does not exist', async () => {
    await using fresh = await Operator.create();
    expect((await fresh.run('logs')).exitCode).toBe(3);
    expect((await fresh.run('stats')).exitCode).toBe(3);
    const run = await fresh.run('logs', '--event', 'llm_nonsense');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('llm_success');
  });
});
