import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanInput, planMemory, type RoomyInput, roomyPlan } from '../../src/engines/memory-plan.js';
import { messages } from '../../src/engines/messages.js';

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
    expect(messages.memorySum(result.sum)).toBe(
      'weights 1.00 GB + KV cache 51 MB (512 tokens × 1 slot) + buffers 100 MB + process 90 MB = 1.24 GB, available 1.00 GB',
    );
  });

  it('has no part of 0 MB: an estimate knows the process among the buffers', async () => {
    const result = await plan({ budget: 1000 * MB });
    expect(messages.memorySum(result.sum)).toContain(' + buffers 100 MB = ');
  });

  it('names --memory as the limit where that is what was too little, and the machine where it is not', async () => {
    const asked = await plan({ memoryBytes: 1000 * MB });
    expect(messages.memorySum(asked.sum)).toMatch(/, --memory allows 1\.00 GB$/);
    const machine = await plan({ budget: 1000 * MB, memoryBytes: 1100 * MB });
    expect([asked.fits, machine.fits]).toEqual([false, false]);
    expect(messages.memorySum(machine.sum)).toMatch(/, available 1\.00 GB$/);
  });
});

describe('the plan that needs no exact sum', () => {
  const roomy = (input: Partial<RoomyInput> = {}) =>
    roomyPlan({
      context: 32_768,
      kvBytesPerToken: 100_000,
      fileBytes: 1000 * MB,
      process: 100 * MB,
      budget: 100_000 * MB,
      asked: {},
      ...input,
    });

  it('is the very plan that an exact sum would give', async () => {
    for (const asked of [{}, { context: 16_384 }, { slots: 1 }, { context: 1024, slots: 8 }]) {
      const { context, slots } = roomy({ asked }) ?? {};
      expect(await plan(asked)).toMatchObject({ fits: true, context, slots });
    }
  });

  it('is not made where it may be close, or where something is not known', () => {
    const total = roomy()?.sum.total ?? 0;
    expect(roomy({ budget: total })).toBeDefined();
    const unsure: Partial<RoomyInput>[] = [
      { budget: total - 1 },
      { kvBytesPerToken: undefined },
      { context: undefined },
      { asked: { context: 40_000 } },
    ];
    for (const input of unsure) expect(roomy(input)).toBeUndefined();
  });
});
