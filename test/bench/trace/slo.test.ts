import { expect, test } from 'vitest';
import { goodput, isGood, parseSlo } from '../../../src/bench/trace/slo.js';
import { figures, finish, recorded, stream, usageEvent } from './recorded.js';

const answered = (scheduledAt = 1000) =>
  figures(recorded([...stream(64), [1480, finish()], [1480, usageEvent(64)]], { scheduledAt }));

test('an SLO is read as vLLM writes it', () => {
  expect(parseSlo('e2el:5000')).toEqual({ e2el: 5000 });
  expect(parseSlo('ttft:1000, tpot:50.5')).toEqual({ ttft: 1000, tpot: 50.5 });
  for (const wrong of ['', 'e2e:5', 'ttft', 'ttft:0', 'ttft:-1', 'ttft:1:2', 'ttft:1 ttft:2']) {
    expect([wrong, parseSlo(wrong)]).toEqual([wrong, null]);
  }
});

test('each limit is kept or broken by itself', () => {
  expect(isGood(answered(), { ttft: 200, tpot: 20, e2el: 1460 })).toBe(true);
  expect(isGood(answered(), { ttft: 199 })).toBe(false);
  expect(isGood(answered(), { tpot: 19 })).toBe(false);
  expect(isGood(answered(), { e2el: 1459 })).toBe(false);
});

test('a late start counts against the request, not for it', () => {
  expect(isGood(answered(900), { ttft: 250 })).toBe(false);
  expect(isGood(answered(900), { e2el: 1560 })).toBe(true);
  expect(isGood(answered(900), { e2el: 1559 })).toBe(false);
});

test('failures stand in the denominator', () => {
  expect(goodput([answered(), null, null, answered()], { e2el: 5000 }, 2000)).toEqual({
    good: 2,
    attempted: 4,
    fraction: 0.5,
    perSecond: 1,
  });
  expect(goodput([], { e2el: 5000 }, 0)).toEqual({ good: 0, attempted: 0, fraction: null, perSecond: null });
});
