import { describe, expect, test } from 'vitest';
import { CATALOGUE, namedEntry } from '../../src/models/catalogue.js';
import { fitsMemory, memoryFacts, memoryNeed } from '../../src/models/memory.js';

const GIB = 1024 ** 3;
const facts = (alias: string, quantisation?: string) =>
  memoryFacts(namedEntry(CATALOGUE, alias), quantisation);

describe('the memory that a model needs', () => {
  test('is weights, KV cache for every token of context, and the runtime', () => {
    const need = memoryNeed(facts('phi3-mini'), 8_192);
    expect(need?.kv).toBe(3 * GIB);
    expect(need?.total).toBe((need?.weights ?? 0) + (need?.kv ?? 0) + (need?.overhead ?? 0));
  });

  // The worked examples that were published with the rule, GB rounded.
  test.each([
    ['phi3-mini', 'BF16', 4_096, 10],
    ['phi3-mini', 'Q4_K_M', 4_096, 4.5],
    ['qwen2.5-3b', 'BF16', 16_384, 8],
    ['gemma-2b', 'Q4_K_M', 8_192, 2.3],
  ])('%s in %s with %i tokens is about %d GB', (alias, quantisation, context, gigabytes) => {
    const need = memoryNeed(facts(alias, quantisation), context);
    expect(Math.abs((need?.total ?? 0) / 1e9 - gigabytes)).toBeLessThan(0.5);
  });

  test('grows with the context by the KV cache alone', () => {
    const [small, large] = [1_024, 2_048].map((context) => memoryNeed(facts('qwen3-1.7b'), context));
    expect((large?.total ?? 0) - (small?.total ?? 0)).toBe(112 * 1024 * 1024);
  });

  test('is unknown, not zero, where a part of it was never published', () => {
    expect(memoryNeed(facts('smollm3-3b'), 4_096)).toBeUndefined();
    expect(memoryNeed(facts('phi3-mini', 'Q5_K_M'), 4_096)).toBeUndefined();
  });
});

describe('whether it fits', () => {
  test('is said of the whole need, to the byte', () => {
    const total = memoryNeed(facts('gemma-2b'), 4_096)?.total ?? 0;
    expect(fitsMemory(facts('gemma-2b'), total, 4_096)).toBe(true);
    expect(fitsMemory(facts('gemma-2b'), total - 1, 4_096)).toBe(false);
  });

  test('is no where the weights alone are too large, and open where only the rest is unknown', () => {
    expect(fitsMemory(facts('smollm3-3b'), GIB, 4_096)).toBe(false);
    expect(fitsMemory(facts('smollm3-3b'), 8 * GIB, 4_096)).toBeUndefined();
  });
});
