import { expect, test } from 'vitest';
import { noteOtherModel } from '../../src/cli/observe.js';
import type { Settings } from '../../src/settings/table.js';
import { Typist } from '../support/typist.js';

async function noted(configured: string | undefined, served: string | undefined): Promise<string> {
  const typist = new Typist({ settings: { model: configured } as Settings });
  await noteOtherModel(typist.ctx, { engine: 'remote', state: 'ready', ...(served && { model: served }) });
  return typist.raw;
}

test('another model behind the configured name is said, once both are known and mean different weights', async () => {
  expect(await noted('gemma-2b', 'qwen3-1.7b')).toBe(
    'LLM_MODEL is gemma-2b, but the engine serves qwen3-1.7b\n',
  );
  expect(await noted('microsoft/Phi-3-mini-4k-instruct', 'phi3-mini')).toBe('');
  expect(await noted(undefined, 'qwen3-1.7b')).toBe('');
  expect(await noted('gemma-2b', undefined)).toBe('');
});

test('neither name steers the terminal', async () => {
  expect(await noted('a\u001b[2J', 'b\u009b31m\u202e')).toBe('LLM_MODEL is a, but the engine serves b\n');
});
