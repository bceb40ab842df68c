import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOldEnough, matchesFilter } from '../../src/stores/filter.js';
import {
  cacheKey,
  leaseKey,
  limitKey,
  namedLimitKey,
  parseCacheKey,
  parseLimitKey,
} from '../../src/stores/keys.js';
import { SEED } from './model.js';

/** Half surrogate pairs and control characters included. */
const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\ud83d', '\udc00', '%', ':', '/', 'я'),
  ),
});

describe('keys', () => {
  test('have the documented form', () => {
    const parts = { scope: '-', task: 'intent', model: 'microsoft/Phi-3-mini-4k-instruct', hash: 'ab12' };
    expect(cacheKey(parts)).toBe('llm:cache:v1:-:intent:microsoft/Phi-3-mini-4k-instruct:ab12');
    expect(limitKey('-', 'tg:42@x.y')).toBe('llm:ratelimit:v1:-:tg:42@x.y');
    expect(limitKey('-', 'with space')).toMatch(/^llm:ratelimit:v1:-:h:[0-9a-f]{64}$/);
  });

  test(`a cache key gives its parts back, whatever they hold (seed ${SEED})`, () => {
    fc.assert(
      fc.property(text, text, text, (scope, task, model) => {
        const parts = { scope, task, model, hash: 'ab12' };
        const key = cacheKey(parts);
        expect(parseCacheKey(key)).toEqual(parts);
        expect(key.isWellFormed()).toBe(true);
        expect(key).not.toMatch(/[\0-\x20]/);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test(`a limiter's key gives scope and user back, and an operator may name the user by either (seed ${SEED})`, () => {
    fc.assert(
      fc.property(text, text, (scope, user) => {
        const key = limitKey(scope, user);
        const parsed = parseLimitKey(key);
        expect(parsed?.scope).toBe(scope);
        expect(namedLimitKey(scope, parsed?.user ?? '')).toBe(key);
        expect(namedLimitKey(scope, user)).toBe(key);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test(`no text makes the parsers throw (seed ${SEED})`, () => {
    const tail = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('%', '%u', '%uD83D', '%E0%A4', ':', '\0', 'a', '\ud800'), { maxLength: 12 }),
    );
    const start = fc.constantFrom(
      '',
      'llm:',
      'llm:cache:',
      'llm:cache:v1:',
      'llm:ratelimit:v1:',
      'llm:cache:v2:',
    );
    fc.assert(
      fc.property(start, tail, (prefix, rest) => {
        const key = prefix + (typeof rest === 'string' ? rest : rest.join(''));
        const parsed = parseCacheKey(key);
        // What a key says is never more than one key: an operator's filter cannot be stretched by another's name.
        if (parsed) expect(Object.values(parsed)).toHaveLength(4);
        const user = parseLimitKey(key);
        if (user) expect(user.user).toMatch(/^[\w.@:-]{1,66}$/);
        expect(matchesFilter(key, {})).toBe(key.startsWith('llm:cache:'));
        expect(isOldEnough(key, { olderThanMs: 1 }, 5)).toBe(true);
      }),
      { seed: SEED, numRuns: 5_000 },
    );
  });

  test('hostile keys are nobody’s, and cost no time', () => {
    for (const key of [
      'llm:cache:v1:%:intent:m:1',
      'llm:cache:v1:%E0%A4%A:intent:m:1',
      'llm:cache:v1:-:intent:%u0041:1',
      'llm:cache:v1:-:intent:m:1:2',
      'llm:cache:v1:',
      'llm:cache:v2:-:intent:m:1',
    ])
      expect(parseCacheKey(key), key).toBeNull();
    for (const key of [
      'llm:ratelimit:v1:',
      'llm:ratelimit:v1:-',
      'llm:ratelimit:v1:-:',
      'llm:ratelimit:v1:%:42',
      'llm:ratelimit:v1:-:a b',
      'llm:ratelimit:v1:-:\u001b[2J',
      `llm:ratelimit:v1:-:${'x'.repeat(67)}`,
      'llm:ratelimit:v0:-:42',
    ])
      expect(parseLimitKey(key), key).toBeNull();
    const long = '%uD83D'.repeat(1_000_000);
    expect(parseCacheKey(`llm:cache:v1:${long}`)).toBeNull();
    expect(parseCacheKey(`llm:cache:v1:-:t:${long}:1`)?.model).toHaveLength(1_000_000);
    expect(parseLimitKey(`llm:ratelimit:v1:-:${long}`)).toBeNull();
  });

  test('a lease is named by the whole key of its answer, and looks like neither answer nor limit', () => {
    const [one, other] = ['-', 'bot'].map((scope) =>
      leaseKey(cacheKey({ scope, task: 'chat', model: 'm', hash: 'ab' })),
    );
    expect(one).toMatch(/^llm:lease:v1:[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
    expect(matchesFilter(one ?? '', {})).toBe(false);
    expect(parseLimitKey(one ?? '')).toBeNull();
  });

  test('a value tells its age in front; what tells none is old', () => {
    const old = (value: string, olderThanMs?: number) =>
      isOldEnough(value, olderThanMs === undefined ? {} : { olderThanMs }, 10_000);
    expect([old('9000 {}', 1_000), old('9001 {}', 1_000), old('11000 {}', 1_000)]).toEqual([
      true,
      false,
      false,
    ]);
    for (const value of ['', '{}', '9999', '9999{}', 'x 9999 {}', `${'9'.repeat(30)} {}`, ' 9999 {}'])
      expect(old(value, 1_000), value).toBe(true);
    expect(old('9999 {}')).toBe(true);
  });

  test('a filter means whole names, and nothing that is no cached answer', () => {
    const key = cacheKey({ scope: 'bot:1', task: 'intent', model: 'phi3', hash: 'ab' });
    expect(matchesFilter(key, {})).toBe(true);
    expect(matchesFilter(key, { scope: 'bot:1', task: 'intent', model: 'phi3' })).toBe(true);
    expect(matchesFilter(key, { model: 'phi' })).toBe(false);
    expect(matchesFilter(key, { scope: 'bot' })).toBe(false);
    expect(matchesFilter(key, { model: ['other', 'phi3'] })).toBe(true);
    for (const model of [[], ['other', 'phi']]) expect(matchesFilter(key, { model })).toBe(false);
    expect(matchesFilter(limitKey('-', '42'), {})).toBe(false);
    for (const other of ['llm:cache:v1:half', 'llm:cache:v0:bot:1:intent:phi3:ab']) {
      expect(matchesFilter(other, {})).toBe(true);
      expect(matchesFilter(other, { task: 'intent' })).toBe(false);
    }
    expect(matchesFilter('llm:cache', {})).toBe(false);
  });
});
