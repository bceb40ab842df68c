import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesFilter } from '../../src/stores/filter.js';
import { cacheKey, limitKey, parseCacheKey } from '../../src/stores/keys.js';
import { SEED } from './model.js';

describe('keys', () => {
  test('have the documented form', () => {
    const parts = { scope: '-', task: 'intent', model: 'microsoft/Phi-3-mini-4k-instruct', hash: 'ab12' };
    expect(cacheKey(parts)).toBe('llm:cache:v1:-:intent:microsoft/Phi-3-mini-4k-instruct:ab12');
    expect(limitKey('-', 'tg:42@x.y')).toBe('llm:ratelimit:v1:-:tg:42@x.y');
    expect(limitKey('-', 'with space')).toMatch(/^llm:ratelimit:v1:-:h:[0-9a-f]{64}$/);
  });

  test(`a cache key gives its parts back, whatever they hold (seed ${SEED})`, () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, (scope, task, model) => {
        const parts = { scope, task, model, hash: 'ab12' };
        expect(parseCacheKey(cacheKey(parts))).toEqual(parts);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test('a filter means whole names, and nothing that is no cached answer', () => {
    const key = cacheKey({ scope: 'bot:1', task: 'intent', model: 'phi3', hash: 'ab' });
    expect(matchesFilter(key, {})).toBe(true);
    expect(matchesFilter(key, { scope: 'bot:1', task: 'intent', model: 'phi3' })).toBe(true);
    expect(matchesFilter(key, { model: 'phi' })).toBe(false);
    expect(matchesFilter(key, { scope: 'bot' })).toBe(false);
    expect(matchesFilter(limitKey('-', '42'), {})).toBe(false);
    expect(matchesFilter('llm:cache:v1:half', {})).toBe(false);
  });
});
