import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BenchReport, Target } from '../../src/bench/report/schema.js';
import { processStartTime } from '../../src/engines/process-identity.js';
import { Operator, toRun } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { realModel } from '../support/real-model.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

let operator: Operator;
const file = (name: string) => path.join(operator.home, `${name}.gguf`);
const inHome = (...parts: string[]) => path.join(operator.env.BOTLLM_HOME ?? '', ...parts);
const record = async (name: string) =>
  JSON.parse(await readFile(inHome(name), 'utf8').catch(() => 'null')) as {
    pid: number;
    port: number;
  } | null;
const OPERATORS = 'state/engine.json';
const OWN = 'bench/state/engine.json';
const JOURNAL = 'bench/state/journal.json';

beforeAll(async () => {
  operator = await Operator.create();
  for (const name of ['alpha', 'beta']) writeTinyGguf(file(name), { context: 2048 });
});
afterAll(async () => {
  for (const child of begun) child.kill('SIGKILL');
  const own = await record(OWN);
  if (own && (await alive(own.pid))) process.kill(own.pid, 'SIGKILL');
  await operator[Symbol.asyncDispose]();
});
beforeEach(() => operator.down());

const BRIEF = [
  '--pp',
  '16',
  '--tg',
  '9',
  '--runs',
  '1',
  '--requests',
  '2',
  '--no-self-test',
  '--gpu',
  'none',
];
const HERE = ['--engine', 'embedded', '--slots', '1', '--context', '512'];
const begun: ReturnType<Operator['start']>[] = [];
const bench = (...args: string[]) => {
  const child = operator.start(['bench', ...BRIEF, ...HERE, '--json', ...args]);
  begun.push(child);
  return child;
};
/** Brings alpha up as the operator does. @returns the record of his engine */
async function upAlpha(model = file('alpha')): Promise<{ pid: number; port: number }> {
  const run = await operator.run(
    'up',
    '--engine',
    'embedded',
    '--model',
    model,
    '--gpu',
    'none',
    ...HERE.slice(2),
  );
  const found = await record(OPERATORS);
  if (found === null) throw new Error(`alpha is not up: ${run.stderr}`);
  return found;
}
const targetsOf = (run: ReturnType<typeof toRun>) => (run.json().data as unknown as BenchReport).targets;

/** A process that ended and that nobody has asked for its end is not alive. */
const alive = async (pid: number) => (await processStartTime(pid)) !== null;

describe('bench --models', () => {
  test('measures a served model where it is, starts the others on ports of their own, and stops only those', async () => {
    const real = realModel();
    const before = await upAlpha(real);
    const report = path.join(operator.home, 'report.html');
    const run = toRun(await bench('--models', `${file('beta')},${real}`, '-o', report));
    expect(run.exitCode, run.stderr).toBe(0);
    const [trained, beta] = targetsOf(run) as [Target, Target];
    expect(trained).toMatchObject({
      id: 'SmolLM2-135M-Instruct.Q4_1',
      started: false,
      quant: 'Q4_1',
      hw: { device: 'cpu' },
    });
    expect(trained.parameters).toBeGreaterThan(130e6);
    expect(trained).not.toHaveProperty('random_weights');
    expect(beta).toMatchObject({ id: 'beta', started: true, random_weights: true });
    expect(trained.base_url).not.toBe(beta.base_url);
    expect(beta.results[0]?.metrics.e2e_ms?.runs).toHaveLength(1);
    expect(beta.cold?.load_ms).toBeGreaterThan(0);
    expect(beta.memory?.ram?.anon).toBeGreaterThan(0);
    // Whole pages, so a little less or more than the file.
    const weights = beta.memory?.split?.weights ?? 0;
    expect(Math.abs(weights - (await stat(file('beta'))).size)).toBeLessThanOrEqual(8192);
    expect(await record(OPERATORS)).toEqual(before);
    expect(await record(OWN)).toBeNull();
    expect(existsSync(inHome(JOURNAL))).toBe(false);
    expect(await readFile(report, 'utf8')).toContain('beta (random weights)');
  });

  test('refuses a model that does not fit, with the sum, before it measures any', async () => {
    // 1.5 TB of KV cache: more than any machine has.
    const run = toRun(
      await bench('--models', `${realModel()},${file('alpha')}`, '--context', '1048576', '--slots', '64'),
    );
    expect(run.exitCode).toBe(5);
    expect(run.json().error).toMatchObject({
      code: 'NOT_ENOUGH_MEMORY',
      message: 'SmolLM2-135M-Instruct.Q4_1 does not fit into memory',
      detail: expect.stringMatching(/weights .* \+ KV cache .* = .*, available /),
    });
    expect(run.stdout).not.toContain('"type":"progress"');
  });

  test('with --stop-running stops the running engine meanwhile, and after Ctrl-C it runs again', async () => {
    const before = await upAlpha();
    // A bound of requests, not of engines.
    const brief = ['--timeout', '100ms', '--requests', '10000'];
    const child = bench('--models', file('beta'), '--stop-running', ...brief);
    const own = await eventually(async () => (await record(OWN)) ?? undefined);
    expect(await alive(before.pid)).toBe(false);
    child.kill('SIGINT');
    const run = toRun(await child);
    expect(run.exitCode, run.stderr).toBe(130);
    expect(await alive(own.pid)).toBe(false);
    const after = await record(OPERATORS);
    expect(after?.port).toBe(before.port);
    expect((await operator.run('health')).exitCode).toBe(0);
    expect(existsSync(inHome(JOURNAL))).toBe(false);
  });

  test('an engine that cannot be started again costs no figure: the exit code says it, and the next bench starts it', async () => {
    const before = await upAlpha();
    const child = bench('--models', file('beta'), '--stop-running');
    await eventually(async () => (await record(OWN)) ?? undefined);
    const thief = createServer((socket) => socket.destroy()).listen(before.port, '127.0.0.1');
    await once(thief, 'listening');
    const run = toRun(await child);
    thief.close();
    expect([run.exitCode, run.stderr]).toEqual([
      5,
      expect.stringContaining('The engine that ran before (alpha) could not be started again'),
    ]);
    expect(targetsOf(run)).toMatchObject([{ id: 'beta', started: true }]);
    const next = await bench('--models', file('alpha'));
    expect([next.exitCode, next.stderr]).toEqual([0, expect.stringContaining('Starting the engine again')]);
    expect((await record(OPERATORS))?.port).toBe(before.port);
  });

  test('after a kill the next bench stops what was left, and brings back what was taken away', async () => {
    const before = await upAlpha();
    const child = bench('--models', file('beta'), '--stop-running', '--requests', '10000');
    const own = await eventually(async () => (await record(OWN)) ?? undefined);
    child.kill('SIGKILL');
    await child;
    expect(await alive(own.pid)).toBe(true);
    const next = toRun(await bench('--models', file('alpha')));
    expect(next.exitCode, next.stderr).toBe(0);
    expect(targetsOf(next)).toMatchObject([{ id: 'alpha', started: false }]);
    expect(next.stderr).toContain('An earlier bench ended before its time; its engine was stopped.');
    expect(await alive(own.pid)).toBe(false);
    expect((await record(OPERATORS))?.port).toBe(before.port);
    expect((await operator.run('health')).exitCode).toBe(0);
  });
});
