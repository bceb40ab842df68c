import { afterAll, beforeAll, expect, test } from 'vitest';
import { qualityOf, qualityRows } from '../../src/cli/bench-quality.js';
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
  const [quality, ...others] = await qualityOf(ctx, served, { level: 'smoke', seed: 42, progress });
  expect(others).toEqual([]);
  expect(quality).toMatchObject({
    way: 'schema',
    n: 40,
    set_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(Object.keys(quality?.tasks ?? {})).toEqual(['intent', 'validate', 'menu', 'improve']);
  expect(engine.seen.length).toBeGreaterThanOrEqual(20);
});

test('a control is no model, and has no row', () => {
  const set = { name: 'own/1', sha256: 'ab', licence: 'MIT', labels: 3 };
  const usable = { rate: 0.5, ci95: [0.4, 0.6] as [number, number], n: 9 };
  const row = { model: 'm', way: 'schema', control: false, usable, tasks: [], partial: false };
  const rows = qualityRows({ set, rows: [row, { ...row, model: 'echo', control: true }] });
  expect(rows).toEqual([{ set: 'own/1', set_sha256: 'ab', way: 'schema', n: 9, usable, tasks: {} }]);
});
