import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPOSE_FILE, FLAVOURS } from '../support/compose-flavours.js';
import { docker, familyImage, hasDocker } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { GuideStack } from '../support/guide-stack.js';

const HUB = path.resolve(import.meta.dirname, '../support/hub-server.mjs');
/** A program that ends well once the hub answers. */
const ASK = 'fetch("http://127.0.0.1/").then(() => process.exit(0), () => process.exit(1))';
const TOKEN = 'hf_canary_5519';

/** What the guide offers, and where each is taken from. */
const MODELS = [
  ['', 'microsoft/Phi-3-mini-4k-instruct', 'microsoft/Phi-3-mini-4k-instruct-gguf', 'model-q4.gguf'],
  ['google/gemma-2b-it', 'google/gemma-2b-it', 'lmstudio-ai/gemma-2b-it-GGUF', 'model-Q4_K_M.gguf'],
  [
    'Qwen/Qwen2.5-3B-Instruct',
    'Qwen/Qwen2.5-3B-Instruct',
    'bartowski/Qwen2.5-3B-Instruct-GGUF',
    'model-Q8_0.gguf',
  ],
] as const;

// One program is enough: what it hands over to the container was shown of both.
describe.runIf(hasDocker).each(FLAVOURS.slice(0, 1))('the guide’s models from a hub, by $name', (flavour) => {
  const stack = new GuideStack(flavour, {
    LLM_WEIGHTS: '',
    MAX_BATCH_TOTAL_TOKENS: '',
    HF_ENDPOINT: 'http://hub',
    HF_TOKEN: TOKEN,
  });
  const hub = `${stack.run.llm}-hub`;
  const asked = async () => (await docker('logs', hub)).stdout.split('\n');

  beforeAll(async () => {
    await stack.prepare();
    // Whichever service is first makes the network.
    await stack.compose('-f', COMPOSE_FILE, '--profile', 'redis', 'up', '-d', 'redis');
    const mounts = ['-v', `${HUB}:/hub.mjs:ro`, '-v', `${stack.folder}:/model:ro`];
    const place = ['--network', stack.run.network, '--network-alias', 'hub', '--entrypoint', '/usr/bin/node'];
    const command = [familyImage(), '/hub.mjs', '/model/tiny.gguf', '80'];
    const { stderr } = await docker('run', '-d', '--name', hub, ...mounts, ...place, ...command);
    expect(stderr).toBe('');
    await eventually(
      async () => (await docker('exec', hub, '/usr/bin/node', '-e', ASK)).exitCode === 0 || undefined,
    );
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  test.each(MODELS)('MODEL_ID=%s is fetched and answers as %s', async (MODEL_ID, name, repo, file) => {
    const QUANTIZE = file === 'model-Q8_0.gguf' ? 'int8' : '';
    await stack.composeWith({ MODEL_ID, QUANTIZE }, '-f', COMPOSE_FILE, 'up', '-d', 'llm');
    await stack.healthy();
    const list = JSON.parse(await stack.shell('curl -s http://localhost:11434/v1/models'));
    expect(list.data[0].id).toBe(name);
    const fetched = (await asked()).filter((line) => line.startsWith(`GET /${repo}/resolve/`));
    expect(fetched).toEqual([expect.stringMatching(`/${file} Bearer ${TOKEN}$`)]);
    const said = await docker('logs', stack.run.llm);
    expect(`${said.stdout}${said.stderr}`).not.toContain(TOKEN);
  });

  test('the weights are kept: another container does not fetch them again', async () => {
    await docker('rm', '-f', stack.run.llm);
    await stack.composeWith(
      { MODEL_ID: 'google/gemma-2b-it', QUANTIZE: '' },
      '-f',
      COMPOSE_FILE,
      'up',
      '-d',
      'llm',
    );
    await stack.healthy();
    const bytes = (await asked()).filter((line) => line.startsWith('GET ') && line.includes('/resolve/'));
    expect(bytes).toHaveLength(MODELS.length);
  });
});
