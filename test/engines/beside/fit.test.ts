import { describe, expect, test } from 'vitest';
import { type FitQuestion, fitBeside, residentOf } from '../../../src/engines/beside/fit.js';

const MB = 1e6;
/** 1 GB of weights, 0.1 MB of cache a token: 1 slot of 4,096 tokens takes 1.6 GB in all. */
const question = (more: Partial<FitQuestion> = {}): FitQuestion => ({
  shape: {
    name: 'm',
    path: '/m',
    thinking: false,
    bytes: 1_000 * MB,
    context: 4096,
    kvBytesPerToken: 0.1 * MB,
  },
  wish: { context: 4096, slots: 1 },
  serving: { files: 1_000 * MB, total: 1_500 * MB },
  ...{ usesGpu: false, cards: [], available: 4_000 * MB },
  ...more,
});

describe('two engines side by side', () => {
  test('fit where the new one has room beside what the old one holds', async () => {
    expect(await fitBeside(question())).toMatchObject({ fits: true, of: 'memory' });
  });

  test('do not where the pages of the old one’s weights would have to go: they count as available, and are not', async () => {
    const fit = await fitBeside(question({ available: 3_000 * MB }));
    expect(fit).toMatchObject({ fits: false });
    expect(fit.need).toBeGreaterThan(1_600 * MB);
    expect(fit.free).toBeCloseTo(1_400 * MB, -6);
  });

  test('do not where the new one would get less than it gets alone', async () => {
    // Alone it gets four slots, beside the other fewer.
    expect(await fitBeside(question({ wish: {}, available: 4_000 * MB }))).toMatchObject({ fits: false });
    expect(await fitBeside(question({ wish: {}, available: 9_000 * MB }))).toMatchObject({ fits: true });
  });

  test('do not where --memory bounds them both', async () => {
    const wish = { context: 4096, slots: 1, memoryBytes: 3_000 * MB };
    expect(await fitBeside(question({ wish }))).toMatchObject({ fits: false });
    expect(await fitBeside(question({ wish: { ...wish, memoryBytes: 4_000 * MB } }))).toMatchObject({
      fits: true,
    });
  });

  test.each([
    ['the old one’s memory', { serving: null }],
    ['the weights', { shape: { name: 'm', path: '/m', thinking: false } }],
    ['the card’s memory', { usesGpu: true }],
  ])('are not tried where %s is not known', async (_, more) => {
    const fit = await fitBeside(question(more));
    expect(fit.fits).toBe(false);
    expect([fit.need, fit.free]).toEqual([undefined, undefined]);
  });

  test('on a card need its memory', async () => {
    const cards = [{ freeBytes: 2_000 * MB }];
    expect(await fitBeside(question({ usesGpu: true, cards }))).toMatchObject({
      fits: true,
      of: 'GPU memory',
    });
    expect(await fitBeside(question({ usesGpu: true, cards: [{ freeBytes: 1_700 * MB }] }))).toMatchObject({
      fits: false,
    });
  });
});

test('what a process holds is read where the system tells, and else unknown', async () => {
  const own = await residentOf(process.pid);
  if (process.platform === 'linux') expect(own?.total).toBeGreaterThan(own?.files ?? 0);
  expect(await residentOf(2 ** 30)).toBeNull();
});
