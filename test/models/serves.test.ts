import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { obtainModel } from '../../src/models/ensure.js';
import { meansServedModel } from '../../src/models/serves.js';
import { HUB_ENTRY, REAL_BYTES, STAND_IN_BYTES, TEST_CATALOGUE } from './fixtures.js';
import { contextOf, hubWith } from './hub-fixture.js';

test('a reference means the served model however it is spelled, and asks nobody', async () => {
  const hub = await hubWith('org/x-GGUF', 'x-Q4_K_M.gguf', REAL_BYTES);
  hub.put('org/y-GGUF', 'y-Q4_K_M.gguf', STAND_IN_BYTES);
  const ctx = await contextOf(hub);
  const { model } = await obtainModel('org/x-GGUF', ctx);
  await obtainModel('org/y-GGUF', ctx);
  const address = hub.address('org/x-GGUF', 'x-Q4_K_M.gguf');
  await hub[Symbol.asyncDispose]();
  const means = (ref: string) => meansServedModel(ref, model, { catalogue: TEST_CATALOGUE });
  for (const ref of [
    'org/x-GGUF',
    'ORG/x-gguf:Q4_K_M',
    'hf:org/x-GGUF/x-Q4_K_M.gguf',
    model.path,
    model.name,
  ]) {
    expect([ref, await means(ref)]).toEqual([ref, true]);
  }
  for (const ref of ['org/x-GGUF:Q8_0', 'org/y-GGUF', address, './x.gguf', HUB_ENTRY.alias, 'pypi:x==1']) {
    expect([ref, await means(ref)]).toEqual([ref, false]);
  }
});

test('an entry is meant by its alias and its ids', async () => {
  const ctx = await contextOf(await hubWith());
  await writeFile(path.join(ctx.modelsDir, HUB_ENTRY.file), REAL_BYTES);
  const { model } = await obtainModel(HUB_ENTRY.alias, ctx);
  const means = (ref: string) => meansServedModel(ref, model, { catalogue: TEST_CATALOGUE });
  expect([await means('org/REAL-1b'), await means('tiny-1m')]).toEqual([true, false]);
  await expect(means('reel-1b')).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' });
});
