import { describe, expect, test } from 'vitest';
import type { Container } from '../../../src/engines/compose/container.js';
import { endedBecause } from '../../../src/engines/compose/ended.js';
import { startFault } from '../../../src/engines/compose/start-fault.js';
import { container } from './container-in.js';

const why = (found: Partial<Container>, logged = '', restartsBefore = 0) =>
  endedBecause(container(found), { name: 'botfactory-llm', restartsBefore, logged });
const over = { status: 'exited', running: false } as const;

describe('a container that starts', () => {
  test('is on its way while it runs, whatever its log says', () => {
    expect(why({}, 'failed to allocate a cache; trying a smaller one')).toBeUndefined();
    expect(why({ status: 'created', running: false })).toBeUndefined();
    // What it did before this start is no failure of this one.
    expect(why({ restarts: 3 }, '', 3)).toBeUndefined();
  });

  test.each([
    ['killed by the kernel', { ...over, oomKilled: true, exitCode: 137 }, ''],
    ['killed without the kernel’s word', { ...over, exitCode: 137 }, ''],
    [
      'ended at an allocation',
      { ...over, exitCode: 1 },
      'ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 1',
    ],
    ['out of the card’s memory', { restarts: 1 }, 'torch.OutOfMemoryError: CUDA out of memory. Tried to'],
  ])('%s has too little memory, and --memory is named', (_, found, logged) => {
    expect(why(found, logged)).toMatchObject({
      code: 'NOT_ENOUGH_MEMORY',
      hint: expect.stringContaining('--memory'),
    });
  });

  test('refused by its entry says the entry’s own line, once and without a loop', () => {
    const logged = 'botllm: QUANTIZE=awq is unknown to llama.cpp: give int4, int8';
    expect(why({ ...over, exitCode: 0 }, logged)).toMatchObject({
      code: 'BAD_CONFIG',
      detail: 'QUANTIZE=awq is unknown to llama.cpp: give int4, int8',
    });
  });

  test.each([
    ['MODEL_BROKEN', 'llama_model_load: error loading model: unknown model architecture: llamx'],
    ['MODEL_UNAVAILABLE', 'OSError: Cannot access gated repo for url https://hub/x'],
  ])('is %s by the words of its log', (code, logged) => {
    expect(why({ status: 'restarting', restarting: true, restarts: 1, exitCode: 1 }, logged)).toMatchObject({
      code,
    });
  });

  test('in a restart loop, gone or paused says so', () => {
    expect(why({ restarts: 3, exitCode: 2 })?.message).toContain('3 times');
    expect(why({ status: 'paused' })?.hint).toBe('docker unpause botfactory-llm');
    const gone = endedBecause(undefined, { name: 'x', restartsBefore: 0, logged: '' });
    expect(gone?.message).toContain('gone');
  });
});

describe('what Compose prints (recorded)', () => {
  test.each([
    [
      'MISSING_PREREQUISITE',
      'nvidia-container-toolkit',
      'ERROR: for llm  Cannot start service llm: could not select device driver "nvidia" with capabilities: [[gpu]]',
    ],
    [
      'PORT_TAKEN',
      '--port',
      'Error response from daemon: driver failed programming external connectivity on endpoint botfactory-llm: Bind for 127.0.0.1:11434 failed: port is already allocated',
    ],
    [
      'MISSING_PREREQUISITE',
      'LLM_IMAGE',
      'ERROR: pull access denied for nobody/nothing, repository does not exist or may require docker login',
    ],
    [
      'MISSING_PREREQUISITE',
      'LLM_IMAGE',
      'Error response from daemon: Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host',
    ],
    [
      'MISSING_PREREQUISITE',
      'docker rm',
      'Error response from daemon: Conflict. The container name "/botfactory-llm" is already in use by container "0f". You have to remove',
    ],
    ['BAD_CONFIG', 'LLM_RUNTIME', 'Error response from daemon: unknown or invalid runtime name: crun'],
  ])('%s with a hint of %s', (code, hint, stderr) => {
    expect(startFault({ stdout: '', stderr })).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  test('what has no name is nobody’s', () => {
    expect(startFault({ stdout: '', stderr: 'Creating botfactory-llm ... done' })).toBeUndefined();
  });
});
