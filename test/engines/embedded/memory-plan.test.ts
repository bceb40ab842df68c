import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanInput, planMemory } from '../../../src/engines/embedded/memory-plan.js';
import { engineMessages } from '../../../src/engines/embedded/messages.js';

const MB = 1e6;
const plan = (input: Partial<PlanInput>) =>
  planMemory({
    trained: 32_768,
    weights: 1000 * MB,
    process: 0,
    budget: 100_000 * MB,
    needs: async (tokens, slots) => ({ kv: tokens * slots * 100_000, buffers: 100 * MB }),
    ...input,
  });

describe('the memory plan', () => {
  it('takes 8192 tokens and 4 slots unasked where everything fits', async () => {
    expect(await plan({})).toMatchObject({ fits: true, context: 8192, slots: 4 });
  });

  it('never plans more context than the model was trained on', async () => {
    expect(await plan({ trained: 2048 })).toMatchObject({ context: 2048, slots: 4 });
  });

  it('gives up slots before context, down to two', async () => {
    expect(await plan({ budget: 3600 * MB })).toMatchObject({ context: 8192, slots: 3 });
    expect(await plan({ budget: 2800 * MB })).toMatchObject({ context: 8192, slots: 2 });
  });

  it('keeps two slots of 4096 tokens rather than one of 8192', async () => {
    expect(await plan({ budget: 2000 * MB })).toMatchObject({ context: 4096, slots: 2 });
  });

  it('shrinks the one slot that is left to what fits', async () => {
    expect(await plan({ budget: 1350 * MB })).toMatchObject({ context: 2048, slots: 1 });
  });

  it('checks what was asked for as it is and changes none of it', async () => {
    expect(await plan({ context: 16_384, slots: 2 })).toMatchObject({
      fits: true,
      context: 16_384,
      slots: 2,
    });
    expect(await plan({ context: 16_384, slots: 2, budget: 2000 * MB })).toMatchObject({
      fits: false,
      sum: { tokens: 16_384, slots: 2 },
    });
    expect(await plan({ slots: 8, budget: 5000 * MB })).toMatchObject({
      fits: true,
      context: 4096,
      slots: 8,
    });
  });

  it('never exceeds the budget, whatever the machine', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 64, max: 131_072 }),
        async (mb, trained) => {
          const result = await plan({ budget: mb * MB, trained });
          if (result.fits) expect(result.sum.total).toBeLessThanOrEqual(mb * MB);
          else expect(result.sum.total).toBeGreaterThan(mb * MB);
        },
      ),
      { seed: 7 },
    );
  });

  it('has the sum in its words when nothing fits', async () => {
    const result = await plan({ budget: 1000 * MB, process: 90 * MB });
    expect(result.fits).toBe(false);
    expect(engineMessages.memorySum(result.sum)).toBe(
      'weights 1.00 GB + KV cache 51 MB (512 tokens × 1 slot) + buffers 100 MB + process 90 MB = 1.24 GB, available 1.00 GB',
    );
  });
});
