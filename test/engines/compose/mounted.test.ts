import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { containerServing } from '../../../src/engines/compose/mounted.js';
import { answering, inspected, NO_DAEMON } from './calls.js';
import { recorded } from './recorded.js';

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'botllm-mounted-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  writeFileSync(path.join(made, 'a.gguf'), '');
  return made;
}

const serving = (model: string, source: string) =>
  answering((line) =>
    line.startsWith('docker ps')
      ? recorded('botfactory-llm\n')
      : inspected({
          state: { Status: 'exited', Running: false },
          config: { Env: [`MODEL_ID=${model}`], Labels: { 'com.docker.compose.service': 'llm' } },
          mounts: [{ Type: 'bind', Source: source, Destination: '/weights' }],
        }),
  ).run;

test('a file that a container was started with is known by the folder that it mounted', async () => {
  const models = folder();
  const run = serving('/weights/a.gguf', models);
  expect(await containerServing(run, path.join(models, 'a.gguf'))).toBe('botfactory-llm');
  expect(await containerServing(run, path.join(models, 'b.gguf'))).toBeUndefined();
});

test('also below the folder, and by another way to it', async () => {
  const models = folder();
  const link = `${models}-link`;
  symlinkSync(models, link);
  onTestFinished(() => rmSync(link));
  const above = serving(`/weights/${path.basename(models)}/a.gguf`, path.dirname(models));
  expect(await containerServing(above, path.join(models, 'a.gguf'))).toBe('botfactory-llm');
  expect(await containerServing(serving('/weights/a.gguf', link), path.join(models, 'a.gguf'))).toBe(
    'botfactory-llm',
  );
});

test('without Docker nobody has it', async () => {
  expect(await containerServing(answering(() => NO_DAEMON).run, '/srv/a.gguf')).toBeUndefined();
});
