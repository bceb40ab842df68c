import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { docker, familyImage, hasDocker } from '../support/docker.js';
import { onDocker, tinyWeights } from '../support/on-docker.js';

const up = ['up', '--engine', 'compose', '--redis', 'none', '--json'] as const;

describe.runIf(hasDocker)(
  'the other families, each by its own document and a server that stands in for it',
  () => {
    test('Ollama is asked to fetch, name and load the model before it counts as ready', async () => {
      const { run, operator } = await onDocker({ LLM_IMAGE: familyImage() });
      const started = await operator.run(...up, '--family', 'ollama', '--model', 'gemma-2b');
      expect(started.json().data).toMatchObject({ engine: 'compose', state: 'ready', context: 4096 });
      expect(started.stdout).toContain('"phase":"download","progress":0.5');
      // The guide's /health is 404 there.
      expect(started.stderr).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/\n/);
      const status = (await operator.run('status', '--json')).json().data;
      expect(status).toMatchObject({
        model: 'google/gemma-2b-it',
        container: { family: 'ollama', offload: { onGpu: 4, total: 10, unit: 'bytes' } },
      });
      expect((await operator.run('down')).exitCode).toBe(0);
      expect((await docker('ps', '-aq', '--filter', `name=${run.llm}`)).stdout).toBe('');
    });

    test('a model that Ollama cannot fetch is said in its words, and nothing is left', async () => {
      const { run, operator } = await onDocker({ LLM_IMAGE: familyImage() });
      const failed = await operator.run(...up, '--family', 'ollama', '--model', 'nobody/nothing-GGUF');
      expect(failed.json().error).toMatchObject({
        code: 'MODEL_UNAVAILABLE',
        detail: expect.stringContaining('pull model manifest'),
      });
      expect(await run.leftovers()).toEqual([expect.any(String)]);
      expect((await docker('ps', '-aq', '--filter', `name=${run.llm}`)).stdout).toBe('');
    });

    test('vLLM gets its arguments and a key that stands in no file; --publish opens it with that key', async () => {
      const { run, operator } = await onDocker({ LLM_IMAGE: familyImage(), LLM_API_KEY: 'key-4711' });
      const started = await operator.run(
        ...up,
        '--family',
        'vllm',
        '--model',
        'phi3-mini',
        '--publish',
        '0.0.0.0',
      );
      expect(started.json().data).toMatchObject({
        state: 'ready',
        model: 'microsoft/Phi-3-mini-4k-instruct',
      });
      const state = path.join(operator.env.BOTLLM_HOME ?? '', 'state');
      const written = ['compose.json', 'compose.env', 'docker-compose.yml'].map((name) =>
        readFileSync(path.join(state, name), 'utf8'),
      );
      expect(written.join('\n')).not.toContain('key-4711');
      const { stdout } = await docker('port', run.llm, '11434');
      expect(stdout).toContain(`0.0.0.0:${operator.port}`);
      expect((await operator.run('health')).stdout).toBe('ready');
    });

    test('what a container has no answer to is refused, not passed over', async () => {
      const { operator } = await onDocker({ MODEL_ID: tinyWeights() });
      for (const option of [
        ['--context', '2048'],
        ['--slots', '2'],
        ['--idle-timeout', '5m'],
        ['--foreground'],
      ]) {
        const refused = await operator.run(...up, ...option);
        expect([option[0], refused.exitCode]).toEqual([option[0], 2]);
      }
    });
  },
);

describe.runIf(hasDocker)('two operators at once', () => {
  test('start one container between them, and both are told that it is ready', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: tinyWeights() });
    const both = await Promise.all([operator.run(...up), operator.run(...up)]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(both.map((one) => one.json().data.alreadyRunning).sort()).toEqual([false, true]);
    expect((await docker('ps', '-q', '--filter', `name=${run.llm}`)).stdout.split('\n')).toHaveLength(1);
    // Without a word of the engine, it is the one that runs, and its port is no stranger's.
    const again = await operator.run('up', '--json');
    expect(again.json().data).toMatchObject({ engine: 'compose', alreadyRunning: true });
  });

  test('a port that another container holds is named by that container', async () => {
    const { run, operator } = await onDocker({ MODEL_ID: tinyWeights() });
    expect((await operator.run(...up)).exitCode).toBe(0);
    const other = await onDocker({ MODEL_ID: tinyWeights(), BOTLLM_PORT: String(operator.port) });
    const failed = await other.operator.run(...up);
    expect(failed.json().error).toMatchObject({
      code: 'PORT_TAKEN',
      detail: expect.stringContaining(run.llm),
    });
    expect(await other.run.leftovers()).toEqual([]);
  });
});
