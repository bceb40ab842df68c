import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort, Operator } from './cli.js';
import { DockerRun, llamaImage, redisImage } from './docker.js';
import { writeTinyGguf } from './tiny-gguf.js';

/** An operator at a machine with Docker, whose images, names and ports are his own; all of it goes in the end. */
export async function onDocker(env: Record<string, string> = {}) {
  const run = new DockerRun();
  const operator = await Operator.create({
    LLM_IMAGE: llamaImage(),
    REDIS_IMAGE: redisImage(),
    REDIS_PORT: String(await freePort()),
    LLAMA_ARG_THREADS: '1',
    ...run.env(env),
  });
  onTestFinished(async () => {
    await operator[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
  });
  return { run, operator };
}

/** A folder with a model of random weights, which a container loads in a moment. */
export function tinyWeights(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'botllm-weights-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return writeTinyGguf(path.join(folder, 'tiny.gguf'), { context: 4096 });
}
