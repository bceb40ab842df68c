import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../src/models/catalogue.js';
import { ensureModel } from '../../src/models/ensure.js';
import { testContext } from './fixtures.js';

test('the stand-in comes from the Python index with the catalogue’s bytes, and is the model it says', async () => {
  const ctx = await testContext({ catalogue: CATALOGUE, env: process.env });
  const model = await ensureModel(undefined, ctx);
  const entry = CATALOGUE.entries.find(({ alias }) => alias === 'smollm2-135m');
  expect(model).toMatchObject({
    name: 'smollm2-135m',
    standIn: true,
    bytes: 98_362_432,
    sha256: entry?.sha256,
    facts: { architecture: 'llama', quantisation: 'Q4_1' },
  });
  expect(ctx.told.notices).toEqual(['HUB_UNREACHABLE']);
  expect((await readdir(ctx.modelsDir)).sort()).toEqual([entry?.file, `${entry?.file}.json`]);
});
