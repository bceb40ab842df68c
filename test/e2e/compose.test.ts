import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ONE_L4 } from '../engines/compose/recorded.js';
import { ROOT } from '../support/cli.js';
import { docker, hasDocker } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { onDocker, tinyWeights } from '../support/on-docker.js';
import { realModel } from '../support/real-model.js';

const COMPOSE_FILE = path.join(ROOT, 'docker-compose.llm.yml');

describe.runIf(hasDocker)('a container as the engine', () => {
  test('up brings it to its first token with Redis beside it, try is answered by it, and down leaves nothing', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: tinyWeights() });
    const up = await operator.run('up', '--engine', 'compose', '--json');
    expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
    expect(up.json().data).toMatchObject({ engine: 'compose', state: 'ready', alreadyRunning: false });
    expect(up.stdout).toContain('"phase":"prefixes"');

    const answer = await operator.run('try', 'intent', 'hello there', '--json');
    expect(answer.json().data).toMatchObject({ source: 'model', cached: false });
    const again = await operator.run('try', 'intent', 'hello there', '--json');
    expect(again.json().data).toMatchObject({ source: 'cache' });
    // The Redis that up started is the store, without anybody naming it.
    expect((await operator.run('cache', '--json')).json().data).toMatchObject({
      store: { kind: 'redis' },
      entries: 1,
    });

    const status = await operator.run('status', '--json');
    expect(status.exitCode).toBe(0);
    expect(status.json().data).toMatchObject({
      engine: 'compose',
      device: 'CPU',
      context: 4096,
      container: { name: run.llm, restarts: 0, memoryBytes: expect.any(Number), weights: expect.any(String) },
    });
    const lines = (await operator.run('status', '--env')).stdout;
    expect(lines).toContain('export LLM_BASE_URL=http://llm:11434');
    expect(lines).toContain('docker compose up -d runtime');

    const second = await operator.run('up', '--json');
    expect(second.json().data).toMatchObject({ alreadyRunning: true, engine: 'compose' });
    expect((await operator.run('down')).exitCode).toBe(0);
    // The weights are fetched once.
    expect(await run.leftovers()).toEqual([run.volume]);
    expect((await operator.run('status')).exitCode).toBe(3);
  });

  test('a stack that the guide’s own line started is adopted, survives a kill, and restarts', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: '/weights/tiny.gguf' });
    const weights = path.dirname(tinyWeights());
    const env = { ...operator.env, LLM_WEIGHTS: weights };
    await execa('docker-compose', ['-f', COMPOSE_FILE, 'up', '-d', 'llm'], { env, extendEnv: false });
    const up = await operator.runWith(
      { env: { LLM_WEIGHTS: weights } },
      'up',
      '--engine',
      'compose',
      '--json',
      '--redis',
      'none',
    );
    expect([up.exitCode, up.json().data]).toMatchObject([0, { alreadyRunning: true, model: 'tiny' }]);
    expect(up.stderr).toContain('already ran');

    // The engine itself dies, as the kernel would end it: Docker brings it back, and status counts it.
    process.kill(await serverIn(run.llm), 'SIGKILL');
    const health = await eventually(async () => {
      const seen = await operator.run('status', '--json');
      const { state, container } = seen.json().data as { state: string; container?: { restarts: number } };
      return state === 'ready' && container?.restarts === 1 ? seen : undefined;
    });
    expect(health.exitCode).toBe(0);

    // As on a machine with a card (recorded) whose Docker cannot hand it over.
    const PATH = `${nvidiaSmi()}${path.delimiter}${operator.env.PATH}`;
    const idle = await operator.runWith({ env: { PATH } }, 'status');
    expect(idle.stdout).toMatch(/NVIDIA L4 is there and not used: .*nvidia-container-toolkit/);

    const restarted = await operator.run('restart', '--json');
    expect(restarted.json().data).toMatchObject({ state: 'ready', downtimeS: expect.any(Number) });
    expect((await operator.run('down')).exitCode).toBe(0);
    expect((await docker('ps', '-aq', '--filter', `name=${run.llm}`)).stdout).toBe('');
  });

  test('switch to the same model does nothing; interrupted between the two, it brings the first one back', async () => {
    const tiny = tinyWeights();
    const { run, operator } = await onDocker({ MODEL_ID: tiny });
    expect((await operator.run('up', '--engine', 'compose', '--redis', 'none')).exitCode).toBe(0);
    expect((await operator.run('switch', tiny, '--json')).json().data).toMatchObject({ switched: false });
    const child = operator.start(['switch', tinyWeights(), '--json']);
    let said = '';
    child.stderr.on('data', (chunk) => {
      if (!said.includes('stopping') && `${said}${chunk}`.includes('stopping')) child.kill('SIGINT');
      said += String(chunk);
    });
    expect((await child).exitCode).toBe(130);
    expect(said).toContain('serves again');
    expect((await operator.run('health')).exitCode).toBe(0);
    const { stdout } = await docker('container', 'inspect', '--format', '{{json .Mounts}}', run.llm);
    expect(stdout).toContain(path.dirname(tiny));
  });
});

describe.runIf(hasDocker)('a container that does not come up', () => {
  const up = ['up', '--engine', 'compose', '--redis', 'none', '--json'] as const;

  test('a model that is not in the container: the entry’s own line, exit 6, nothing left', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: '/weights/nothing.gguf' });
    const weights = path.dirname(tinyWeights());
    const failed = await operator.runWith({ env: { LLM_WEIGHTS: weights } }, ...up);
    expect(failed.json().error).toMatchObject({ code: 'BAD_CONFIG', exitCode: 6 });
    expect(failed.json().error.detail).toContain('/weights/nothing.gguf is not in the container');
    expect((await docker('ps', '-aq', '--filter', `name=${run.llm}`)).stdout).toBe('');
  });

  test('a broken model fails at the first restart, with the end of the log', async () => {
    const tiny = tinyWeights();
    const broken = path.join(path.dirname(tiny), 'broken.gguf');
    writeFileSync(broken, 'GGUF and no more');
    const { operator } = await onDocker({ MODEL_ID: broken });
    const failed = await operator.run(...up);
    expect(failed.json().error).toMatchObject({ code: 'MODEL_BROKEN', exitCode: 5 });
    expect(failed.stderr).toContain('the end of its log');
  });

  test('too little memory names --memory', async () => {
    const { operator } = await onDocker({ MODEL_ID: realModel() });
    const failed = await operator.run(...up, '--memory', '40m');
    expect(failed.json().error).toMatchObject({ code: 'NOT_ENOUGH_MEMORY', exitCode: 5 });
    expect(failed.json().error.hint).toContain('--memory');
  });

  test('a taken port is named with its holder, before anything is started', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: tinyWeights() });
    const holder = createServer().listen(operator.port, '127.0.0.1');
    onTestFinished(() => void holder.close());
    const failed = await operator.run(...up);
    expect(failed.json().error).toMatchObject({ code: 'PORT_TAKEN', exitCode: 5 });
    expect(await run.leftovers()).toEqual([]);
  });

  test('another address without a key is refused; a GPU that Docker cannot hand over names the toolkit', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: tinyWeights() });
    const open = await operator.run(...up, '--publish', '0.0.0.0');
    expect(open.json().error).toMatchObject({ code: 'BAD_CONFIG', exitCode: 6 });
    const gpu = await operator.run(...up, '--gpu', 'all');
    expect(gpu.json().error).toMatchObject({ code: 'MISSING_PREREQUISITE', exitCode: 5 });
    expect(gpu.json().error.hint).toContain('nvidia-container-toolkit');
    expect((await docker('ps', '-aq', '--filter', `name=${run.llm}`)).stdout).toBe('');
  });

  test('Ctrl-C takes down what this call started', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: realModel() });
    const child = operator.start([...up]);
    await eventually(
      async () => (await docker('ps', '-q', '--filter', `name=${run.llm}`)).stdout || undefined,
    );
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(130);
    expect((await docker('ps', '-aq', '--filter', `name=${run.llm}`)).stdout).toBe('');
  });

  test('without a daemon: exit 5 and the command that starts one', async () => {
    const { operator } = await onDocker({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    const failed = await operator.run(...up);
    expect(failed.json().error).toMatchObject({ code: 'MISSING_PREREQUISITE', exitCode: 5 });
    expect(failed.json().error.hint).toContain('systemctl start docker');
  });
});

/** A folder with an nvidia-smi that prints what a real one did elsewhere. */
function nvidiaSmi(): string {
  const folder = path.dirname(tinyWeights());
  const text = `#!/bin/sh\necho "${ONE_L4.stdout.trim()}"\n`;
  writeFileSync(path.join(folder, 'nvidia-smi'), text, { mode: 0o755 });
  return folder;
}

/** The pid, on this machine, of the llama-server below the entry's shell. */
async function serverIn(container: string): Promise<number> {
  const { stdout } = await docker('container', 'inspect', '--format', '{{.State.Pid}}', container);
  const pid = stdout.trim();
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}
