import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort, Operator } from '../support/cli.js';
import { DockerRun, docker, hasDocker, llamaImage, redisImage } from '../support/docker.js';
import { realModel } from '../support/real-model.js';

/** An operator at a machine with Docker, whose images and names are this run's own. */
async function onDocker(env: Record<string, string> = {}) {
  const run = new DockerRun();
  const operator = await Operator.create({
    LLM_IMAGE: llamaImage(),
    REDIS_IMAGE: redisImage(),
    MODEL_ID: realModel(),
    LLAMA_ARG_THREADS: '1',
    REDIS_PORT: String(await freePort()),
    ...run.env(env),
  });
  onTestFinished(async () => {
    await operator[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
  });
  return { run, operator };
}

describe.runIf(hasDocker)('a container as the engine', () => {
  test('up brings it to its first token, try is answered by it, status tells of it, down leaves nothing', async () => {
    const { run, operator } = await onDocker();
    const up = await operator.run('up', '--engine', 'compose', '--json');
    console.log(up.stdout, up.stderr);
    expect(up.exitCode).toBe(0);
    const asked = await operator.run('try', 'intent', 'hello there', '--json');
    console.log(asked.stdout, asked.stderr);
    console.log((await operator.run('status')).stdout);
    console.log((await operator.run('status', '--env')).stdout);
    console.log(await docker('ps', '-a'));
    const down = await operator.run('down');
    console.log(down.stdout, down.stderr);
    expect(await run.leftovers()).toEqual([]);
  });
});
