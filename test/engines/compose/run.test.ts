import { expect, test } from 'vitest';
import { composeStart } from '../../../src/engines/compose/run.js';
import { answering } from './calls.js';
import { recorded } from './recorded.js';

const STACK = {
  ...{ project: 'bots', files: ['/x/docker-compose.llm.yml'], env: { MODEL_ID: 'gemma-2b' } },
  container: 'botfactory-llm',
};
/** Recorded: docker-compose 1.29.2 over a container that a newer Docker made (docker/compose #11742). */
const CONTAINER_CONFIG = recorded('', {
  exitCode: 1,
  stderr: [
    'Recreating botfactory-llm ...',
    "ERROR: for llm  'ContainerConfig'",
    'Traceback (most recent call last):',
    '  File "compose/service.py", line 1579, in get_container_data_volumes',
    "    container.image_config['ContainerConfig'].get('Volumes') or {}",
    "KeyError: 'ContainerConfig'",
    '[1234] Failed to execute script docker-compose',
  ].join('\n'),
});
const onlyOld = (line: string) => {
  if (line === 'docker compose version --short') return recorded('', { exitCode: 1 });
  return line.startsWith('docker-compose') && line.includes('version') ? recorded('1.29.2\n') : undefined;
};
const surroundings = (run: ReturnType<typeof answering>['run'], notices: string[] = []) => ({
  run,
  secrets: { apiKey: 'key-4711' },
  onNotice: (text: string) => void notices.push(text),
  onCompose: () => {},
});

test('docker-compose 1.29 cannot recreate what a newer Docker made: the container is removed, and made once more', async () => {
  let removed = false;
  const { run, calls } = answering((line) => {
    const known = onlyOld(line);
    if (known) return known;
    if (line === 'docker rm -f botfactory-llm') removed = true;
    return line.startsWith('docker-compose') && !removed ? CONTAINER_CONFIG : recorded('');
  });
  const notices: string[] = [];
  await composeStart(STACK, surroundings(run, notices));
  const what = calls.map(({ line }) => line).filter((line) => / up | rm /.test(line));
  const up = 'docker-compose -p bots -f /x/docker-compose.llm.yml up -d llm';
  expect(what).toEqual([up, 'docker rm -f botfactory-llm', up]);
  expect(notices).toEqual([expect.stringContaining('1.29')]);
});

test('where that does not help it ends, and does not remove anything again', async () => {
  const { run, calls } = answering(
    (line) => onlyOld(line) ?? (line.startsWith('docker-compose') ? CONTAINER_CONFIG : recorded('')),
  );
  await expect(composeStart(STACK, surroundings(run))).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    detail: expect.stringContaining('ContainerConfig'),
  });
  expect(calls.filter(({ line }) => line.startsWith('docker rm'))).toHaveLength(1);
});

test('a secret reaches Compose by its environment alone, and what was not chosen is empty there', async () => {
  const { run, calls } = answering((line) => onlyOld(line) ?? recorded(''));
  await composeStart(STACK, surroundings(run));
  const { line = '', options = {} } = calls.at(-1) ?? {};
  expect(line).not.toContain('key-4711');
  expect(options.env).toMatchObject({
    LLM_API_KEY: 'key-4711',
    HF_TOKEN: '',
    LLM_IMAGE: '',
    MODEL_ID: 'gemma-2b',
  });
});
