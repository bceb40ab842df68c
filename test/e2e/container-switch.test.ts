import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { asking } from '../support/asking.js';
import { type Operator, toRun } from '../support/cli.js';
import { type DockerRun, docker, familyImage, hasDocker } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { figure } from '../support/figure.js';
import { onDocker, tinyWeights } from '../support/on-docker.js';

const WITH_REDIS = ['up', '--engine', 'compose', '--json'] as const;
const UP = [...WITH_REDIS, '--redis', 'none'] as const;
const HUB = path.resolve(import.meta.dirname, '../support/hub-server.mjs');

async function serving(env: Record<string, string> = {}, ...args: string[]) {
  return startedBy([...UP, ...args], env);
}

async function startedBy(command: readonly string[], env: Record<string, string> = {}) {
  const { run, operator } = await onDocker({ MODEL_ID: tinyWeights(), ...env });
  const up = await operator.run(...command);
  expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
  return { run, operator, before: await run.leftovers() };
}

const besideRecord = ({ env }: Operator) => path.join(env.BOTLLM_HOME ?? '', 'state', 'beside.json');
const statusOf = async (name: string) =>
  (await docker('container', 'inspect', '--format', '{{.State.Status}}', name)).stdout;

/** A switch that is frozen as soon as its container beside is there, so that a test can do something meanwhile. */
async function halfway(run: DockerRun, operator: Operator) {
  const child = operator.start(['switch', tinyWeights(), '--json']);
  const name = `${run.llm}-beside`;
  for (let tries = 0; (await statusOf(name)) !== 'running'; tries += 1) {
    if (tries > 600) throw new Error('no container was started beside');
    await sleep(20);
  }
  child.kill('SIGSTOP');
  return { child, name };
}

describe.runIf(hasDocker)('switch of a container', () => {
  test('the new one is tried beside and then serves on the same port; one that does not come up costs nobody an answer', async () => {
    const { run, operator, before } = await startedBy(WITH_REDIS);
    const broken = tinyWeights();
    // Its header is well, and no engine knows such a model.
    writeFileSync(broken, readFileSync(broken, 'latin1').replaceAll('llama', 'nobdy'), 'latin1');
    const quiet = asking(operator.port);
    const refused = await operator.run('switch', broken, '--json');
    expect(await quiet()).toMatchObject({ failed: 0 });
    expect(refused.json().error).toMatchObject({
      exitCode: 5,
      message: expect.stringContaining('was not touched'),
    });
    expect(refused.stderr).toContain('the end of its log');
    expect(await run.leftovers()).toEqual(before);

    const other = tinyWeights();
    const stop = asking(operator.port);
    const switched = await operator.run('switch', other, '--json');
    const seen = await stop();
    figure(`switch of a container: ${JSON.stringify({ ...switched.json().data, ...seen })}`);
    expect(switched.json().data).toMatchObject({ way: 'tried-beside', downtimeS: expect.any(Number) });
    expect((await operator.run('status', '--json')).json().data).toMatchObject({
      state: 'ready',
      endpoint: `http://127.0.0.1:${operator.port}`,
      container: { name: run.llm },
    });
    expect((await docker('ps', '-a', '--filter', `name=${run.llm}`, '--format', '{{.Names}}')).stdout).toBe(
      run.llm,
    );
    expect(existsSync(besideRecord(operator))).toBe(false);
    // Its Redis stayed, and goes with it.
    expect((await operator.run('down', '--json')).json().data.containers).toEqual([run.llm, run.redis]);
  });

  test('Ctrl-C, or a kill and a down, leave nothing of it; bots never reach it by the name llm', async () => {
    const { run, operator, before } = await serving();
    const { child, name } = await halfway(run, operator);
    const networks = await docker(
      'container',
      'inspect',
      '--format',
      '{{json .NetworkSettings.Networks}}',
      name,
    );
    const { Aliases: aliases } = JSON.parse(networks.stdout)[run.network] as { Aliases: string[] };
    expect(aliases).not.toContain('llm');
    child.kill('SIGINT');
    child.kill('SIGCONT');
    expect((await child).exitCode).toBe(130);
    expect(await run.leftovers()).toEqual(before);
    expect((await operator.run('health')).stdout).toBe('ready');

    const second = await halfway(run, operator);
    const busy = await operator.run('switch', tinyWeights(), '--json');
    expect(busy.json().error).toMatchObject({ code: 'NOT_READY', exitCode: 4 });
    second.child.kill('SIGKILL');
    await second.child;
    expect((await operator.run('down')).exitCode).toBe(0);
    expect(await run.leftovers()).toEqual([run.volume]);
  });

  test('what is not known to fit is fetched while the old one answers, and once; models rm leaves what is served', async () => {
    const { run, operator } = await onDocker({ HF_ENDPOINT: 'http://hub' });
    const own = path.join(operator.env.BOTLLM_HOME ?? '', 'models', 'own.gguf');
    mkdirSync(path.dirname(own), { recursive: true });
    copyFileSync(tinyWeights(), own);
    expect((await operator.runWith({ env: { MODEL_ID: own } }, ...UP)).exitCode).toBe(0);
    const kept = await operator.run('models', 'rm', 'own', '--json');
    expect(kept.json().error).toMatchObject({ exitCode: 5, detail: expect.stringContaining(run.llm) });
    const hub = `${run.llm}-hub`;
    const mounts = ['-v', `${HUB}:/hub.mjs:ro`, '-v', `${path.dirname(tinyWeights())}:/model:ro`];
    const place = ['--network', run.network, '--network-alias', 'hub', '--entrypoint', '/usr/bin/node'];
    await docker(
      'run',
      '-d',
      '--name',
      hub,
      ...mounts,
      ...place,
      familyImage(),
      '/hub.mjs',
      '/model/tiny.gguf',
      '80',
    );
    await eventually(async () => (await statusOf(hub)) === 'running' || undefined);
    const switched = await operator.run('switch', 'somebody/some-GGUF:Q4_K_M', '--json');
    expect(switched.stderr).toContain('cannot be told');
    expect(switched.json().data).toMatchObject({ way: 'stopped-first', model: 'somebody/some-GGUF:Q4_K_M' });
    const gets = (await docker('logs', '-t', hub)).stdout
      .split('\n')
      .filter((line) => / GET .*resolve/.test(line));
    expect(gets).toHaveLength(1);
    const { stdout: made } = await docker('container', 'inspect', '--format', '{{.Created}}', run.llm);
    expect(Date.parse(gets[0]?.split(' ')[0] ?? '')).toBeLessThan(Date.parse(made));
    expect((await operator.run('models', 'rm', 'own', '--json')).json().data).toMatchObject({
      removed: true,
    });
  });
});

describe.runIf(hasDocker)('switch of another family, which is not started twice', () => {
  test('Ollama fetches while it answers; what it cannot fetch leaves it as it was', async () => {
    const { run, operator } = await serving(
      { LLM_IMAGE: familyImage(), MODEL_ID: 'gemma-2b' },
      '--family',
      'ollama',
    );
    const since = (await docker('container', 'inspect', '--format', '{{.State.StartedAt}}', run.llm)).stdout;
    const refused = await operator.run('switch', 'nobody/nothing-GGUF', '--json');
    expect(refused.json().error).toMatchObject({ code: 'MODEL_UNAVAILABLE', exitCode: 5 });
    expect((await docker('container', 'inspect', '--format', '{{.State.StartedAt}}', run.llm)).stdout).toBe(
      since,
    );
    const switched = await operator.run('switch', 'qwen2.5-3b', '--json');
    expect(switched.json().data).toMatchObject({ way: 'stopped-first', model: 'Qwen/Qwen2.5-3B-Instruct' });
  });

  test('vLLM’s image fetches the repository into its volume before the old one is stopped', async () => {
    const { run, operator } = await serving(
      { LLM_IMAGE: familyImage(), MODEL_ID: 'phi3-mini' },
      '--family',
      'vllm',
    );
    const child = operator.start(['switch', 'qwen2.5-3b', '--json']);
    const done = toRun(await child);
    expect(done.json().data).toMatchObject({ way: 'stopped-first', model: 'Qwen/Qwen2.5-3B-Instruct' });
    expect(done.stdout).toContain('fetched Qwen/Qwen2.5-3B-Instruct');
    expect((await docker('ps', '-aq', '--filter', `name=${run.llm}-beside`)).stdout).toBe('');
    // Its up wanted none.
    expect((await docker('ps', '-aq', '--filter', `name=${run.redis}`)).stdout).toBe('');
  });
});
