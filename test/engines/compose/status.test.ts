import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ggufName, readOffload } from '../../../src/engines/compose/status.js';
import { ROOT } from '../../support/cli.js';

describe('how much of the model lies on the card (recorded lines of llama.cpp, no card was at hand)', () => {
  test('is read from the last load in the log', () => {
    const logged = [
      'load_tensors: offloading 12 repeating layers to GPU',
      'load_tensors: offloaded 33/33 layers to GPU',
      'main: server is listening on http://0.0.0.0:11434',
      '0.00.367.931 I load_tensors: offloaded 20/33 layers to GPU',
    ].join('\n');
    expect(readOffload(logged)).toEqual({ onGpu: 20, total: 33, unit: 'layers' });
  });

  test('is not said where the log does not say it', () => {
    expect(readOffload('load_tensors:   CPU_Mapped model buffer size =    92.10 MiB')).toBeUndefined();
  });

  test('stands in the log because the overlay asks for it: llama.cpp is silent about it by itself', () => {
    const overlay = parse(readFileSync(path.join(ROOT, 'deploy/docker-compose.gpu.yml'), 'utf8'));
    expect(overlay.services.llm.environment).toContain('LLAMA_ARG_LOG_VERBOSITY=4');
  });
});

test.each([
  ['Q4_K - Medium', 'Q4_K_M'],
  ['Q3_K - Small', 'Q3_K_S'],
  ['Q4_1', 'Q4_1'],
  ['all F32', 'F32'],
])('a file’s “%s” is %s', (type, name) => {
  expect(ggufName(type)).toBe(name);
});
