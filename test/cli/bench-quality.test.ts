import { afterAll, beforeAll, expect, test } from 'vitest';
import { qualityColumn } from '../../src/cli/bench-quality.js';
import type { Context } from '../../src/cli/context.js';
import { type FakeEngine, startFakeEngine } from '../support/fake-engine.js';

let engine: FakeEngine;
beforeAll(async () => {
  engine = await startFakeEngine({ model: 'some-model' });
});
afterAll(() => engine.close());

test('the quality column is asked of the served model: ten questions of each task, by schema', async () => {
  const ctx = { signal: new AbortController().signal } as Context;
  const served = { root: engine.url, model: 'some-model', dialect: 'openai' } as const;
  const progress = { step: () => {}, bar: () => {}, bytes: () => {}, done: () => {} };
  const [quality, ...others] = await qualityColumn(ctx, served, { level: 'smoke', seed: 42, progress });
  expect(others).toEqual([]);
  expect(quality).toMatchObject({
    way: 'schema',
    n: 40,
    set_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(Object.keys(quality?.tasks ?? {})).toEqual(['intent', 'validate', 'menu', 'improve']);
  expect(engine.seen.length).toBeGreaterThanOrEqual(20);
});
