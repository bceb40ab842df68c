import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { BenchDocument } from '../../src/bench/report/schema.js';
import type { EvalReport } from '../../src/eval/report.js';
import { type Operator, ROOT, toRun } from '../support/cli.js';
import { type DockerRun, docker, hasDocker } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { onDocker, tinyWeights } from '../support/on-docker.js';
import { realModel } from '../support/real-model.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

const COMPOSE_FILE = path.join(ROOT, 'docker-compose.llm.yml');
const LONG = ['--requests', '10000'];
const BRIEF = ['--pp', '16', '--tg', '9', '--runs', '1', '--requests', '2', '--no-self-test', '--json'];
const named = (name: string) =>
  writeTinyGguf(path.join(path.dirname(tinyWeights()), `${name}.gguf`), { context: 4096 });
const bench = (operator: Operator, ...args: string[]) =>
  operator.start(['bench', ...BRIEF, '--engine', 'compose', ...args]);
const targetsOf = (run: ReturnType<typeof toRun>) => BenchDocument.parse(run.json()).data.targets;
const runs = async (name: string) =>
  (await docker('container', 'inspect', '--format', '{{.Id}} {{.State.StartedAt}} {{.State.Status}}', name))
    .stdout;
const statusOf = async (name: string) =>
  (await docker('container', 'inspect', '--format', '{{.State.Status}}', name)).stdout;
const journal = ({ env }: Operator) => path.join(env.BOTLLM_HOME ?? '', 'bench', 'state', 'journal.json');
async function runningUp(operator: Operator, ...args: string[]) {
  const up = await operator.run('up', '--engine', 'compose', '--json', ...args);
  expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
}
const measuring = ({ llm }: DockerRun) =>
  eventually(async () => ((await statusOf(`${llm}-bench`)) === 'running' ? true : undefined));

describe.runIf(hasDocker)('bench --engine compose', () => {
  test('each model is measured in a container of its own, which goes; the operator’s container is not touched', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: named('alpha') });
    await runningUp(operator, '--redis', 'none');
    const [before, left] = [await runs(run.llm), await run.leftovers()];
    const models = ['beta', 'gamma'].map(named);
    const done = toRun(await bench(operator, '--models', models.join(',')));
    expect([done.exitCode, done.stderr]).toEqual([0, expect.any(String)]);
    const targets = targetsOf(done);
    expect(
      targets.map(({ id, engine, started, random_weights }) => [id, engine, started, random_weights]),
    ).toEqual([
      ['beta', 'compose', true, true],
      ['gamma', 'compose', true, true],
    ]);
    for (const { base_url: url, memory, results, image } of targets) {
      expect(url).not.toContain(`:${operator.port}`);
      expect(image).toBe(operator.env.LLM_IMAGE);
      expect(results[0]).toMatchObject({ errors: { total: 0 }, phase: { measured: 2 } });
      // By the control group of the container, told apart.
      expect(memory?.ram).toMatchObject({
        method: 'cgroup',
        anon: expect.any(Number),
        file: expect.any(Number),
      });
      expect(memory?.split?.weights).toBeGreaterThan(0);
    }
    expect(await runs(run.llm)).toBe(before);
    expect(await run.leftovers()).toEqual(left);
    expect(existsSync(journal(operator))).toBe(false);
    expect((await operator.run('health')).stdout).toBe('ready');
  });

  test('a model that the operator’s container serves is asked and measured where it is, by its file and by its name', async () => {
    const alpha = named('alpha');
    const { run, operator } = await onDocker({ MODEL_ID: alpha });
    await runningUp(operator, '--redis', 'none');
    const [before, left] = [await runs(run.llm), await run.leftovers()];
    for (const ref of [alpha, 'alpha']) {
      const asking = ['intent', '--ways', 'word', '--limit', '1', '--models', ref, '--json'];
      const asked = await operator.run('eval', ...asking);
      expect([asked.exitCode, asked.stderr]).toEqual([0, expect.any(String)]);
      const [target] = (asked.json().data as unknown as EvalReport).targets ?? [];
      expect(target).toMatchObject({ id: 'alpha', engine: 'compose', started: false });
      expect(target?.base_url).toContain(`:${operator.port}`);
      const done = toRun(await operator.start(['bench', ...BRIEF, '--models', ref]));
      expect(targetsOf(done)).toMatchObject([{ id: 'alpha', engine: 'compose', started: false }]);
    }
    expect(await runs(run.llm)).toBe(before);
    expect(await run.leftovers()).toEqual(left);
  });

  test('after Ctrl-C nothing of it is left; after a kill the next measurement removes it', async () => {
    const { run, operator } = await onDocker();
    const beta = named('beta');
    const first = bench(operator, '--models', beta, '--requests', '10000');
    await measuring(run);
    first.kill('SIGINT');
    expect((await first).exitCode).toBe(130);
    // The volume of weights is the operator's.
    expect(await run.leftovers()).toEqual([run.volume]);

    const second = bench(operator, '--models', beta, '--requests', '10000');
    await measuring(run);
    second.kill('SIGKILL');
    await second;
    expect(await statusOf(`${run.llm}-bench`)).toBe('running');
    const next = toRun(await bench(operator, '--models', beta));
    expect([next.exitCode, next.stderr]).toEqual([
      0,
      expect.stringContaining('An earlier bench ended before its time; its engine was stopped.'),
    ]);
    expect(await run.leftovers()).toEqual([run.volume]);
  });

  test('--stop-running: the operator’s container, also one that was there before up, is stopped meanwhile, and after Ctrl-C the very same runs again', async () => {
    const weights = path.dirname(tinyWeights());
    const { run, operator } = await onDocker({ MODEL_ID: '/weights/tiny.gguf', LLM_WEIGHTS: weights });
    const { env } = operator;
    await execa('docker-compose', ['-f', COMPOSE_FILE, 'up', '-d', 'llm'], { env, extendEnv: false });
    await runningUp(operator, '--redis', 'none');
    const [id] = (await runs(run.llm)).split(' ');
    const child = bench(operator, '--models', named('beta'), '--stop-running', ...LONG);
    await measuring(run);
    expect(await statusOf(run.llm)).toBe('exited');
    child.kill('SIGINT');
    const done = toRun(await child);
    expect([done.exitCode, done.stderr]).toEqual([130, expect.stringContaining('Starting the engine again')]);
    expect(await runs(run.llm)).toMatch(new RegExp(`^${id} .* running$`));
    expect((await operator.run('health')).stdout).toBe('ready');
    expect(existsSync(journal(operator))).toBe(false);
  });

  test('--stop-running: after a kill the next measurement starts the container again; one that was removed meanwhile is made as it was', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: named('alpha') });
    await runningUp(operator);
    const [id] = (await runs(run.llm)).split(' ');
    const beta = named('beta');
    const killed = bench(operator, '--models', beta, '--stop-running', ...LONG);
    await measuring(run);
    killed.kill('SIGKILL');
    await killed;
    const second = bench(operator, '--models', beta, '--stop-running', ...LONG);
    await eventually(async () => ((await statusOf(run.llm)) === 'running' ? true : undefined));
    expect(await runs(run.llm)).toContain(id);
    await eventually(async () => ((await statusOf(run.llm)) === 'exited' ? true : undefined));
    await measuring(run);
    await docker('rm', run.llm);
    second.kill('SIGINT');
    const done = toRun(await second);
    expect([done.exitCode, done.stderr]).toEqual([130, expect.stringContaining('ended before its time')]);
    expect((await operator.run('health')).stdout).toBe('ready');
    expect((await operator.run('status', '--json')).json().data).toMatchObject({ model: 'alpha' });
    // All that up had started goes with it, as ever.
    expect((await operator.run('down')).exitCode).toBe(0);
    expect(await run.leftovers()).toEqual([run.volume]);
  });

  test('what does not fit is refused with the sum, and what a container has no answer to is a usage error', async () => {
    const { run, operator } = await onDocker();
    const refused = toRun(await bench(operator, '--models', named('beta'), '--context', '2048'));
    expect(refused.exitCode).toBe(2);
    expect((await operator.run('bench', '--family', 'vllm')).exitCode).toBe(2);
    const { operator: rich } = await onDocker({ MAX_BATCH_TOTAL_TOKENS: '9999999' });
    const large = toRun(await bench(rich, '--models', realModel()));
    expect([large.exitCode, large.json().error]).toEqual([
      5,
      expect.objectContaining({
        code: 'NOT_ENOUGH_MEMORY',
        detail: expect.stringMatching(/weights .* \+ KV cache .* = .*, available /),
      }),
    ]);
    expect(await run.leftovers()).toEqual([]);
  });
});
