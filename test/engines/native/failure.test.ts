import { expect, test } from 'vitest';
import { failureOf } from '../../../src/engines/native/failure.js';

test.each([
  ["0.00.003.9 E srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080", 'PORT_TAKEN'],
  [
    '0.01.0 E ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 9',
    'NOT_ENOUGH_MEMORY',
  ],
  ["0.00.9 E llama_model_load: error loading model: unknown model architecture: 'x'", 'MODEL_BROKEN'],
  ['error: invalid argument: --jinja', 'ENGINE_FAILED'],
])('the last words %s mean %s', (line, code) => {
  const error = failureOf('exit code 1', `0.00.000 I srv init\n${line}\n`, 8080);
  expect([error.code, error.detail]).toEqual([code, expect.stringContaining(line.split(': ').at(-1) ?? '')]);
});

test('without any word, how it ended is all there is', () => {
  expect(failureOf('SIGKILL', '', 8080).message).toContain('SIGKILL');
});
