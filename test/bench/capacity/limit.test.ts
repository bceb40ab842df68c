import { expect, test } from 'vitest';
import { type LimitFacts, limitOf } from '../../../src/bench/capacity/limit.js';

const good = { e2eMs: 100 } as unknown as NonNullable<LimitFacts['probe'][number]>;
const rungs = (...perSecond: number[]) => perSecond.map((rate, i) => ({ atOnce: 2 ** i, perSecond: rate }));
/** One slot, 100 ms an answer, a limit of a second: the engine is simply busy. */
const busy: LimitFacts = {
  model: { aloneMs: [100], slots: 1, ladder: rungs(10) },
  e2eMs: 1000,
  probe: Array<typeof good>(100).fill(good),
  loopDelay: { p99: 1, max: 2 },
};

test('what limits is the first thing to change', () => {
  expect(limitOf(busy)).toBe('throughput');
  expect(limitOf({ ...busy, e2eMs: 99 })).toBe('alone');
  expect(limitOf({ ...busy, loopDelay: { p99: 21, max: 30 } })).toBe('client');
  // Three refused of a hundred are many; two are not.
  const refused = (count: number) => busy.probe.map((one, i) => (i < count ? null : one));
  expect(limitOf({ ...busy, probe: refused(3) })).toBe('refusals');
  expect(limitOf({ ...busy, probe: refused(2) })).toBe('throughput');
  // Four at once make 10 a second, as one does: an answer takes 400 ms then.
  const shared = { aloneMs: [100], slots: 4, ladder: rungs(10, 10, 10) };
  expect(limitOf({ ...busy, model: shared, e2eMs: 390 })).toBe('sharing');
  expect(limitOf({ ...busy, model: shared, e2eMs: 410 })).toBe('throughput');
  // The last doubling still brought more than a fifth.
  const growing = { aloneMs: [100], slots: 4, ladder: rungs(10, 19, 36) };
  expect(limitOf({ ...busy, model: growing })).toBe('slots');
  expect(limitOf({ ...busy, model: { ...growing, ladder: rungs(10, 19, 22) } })).toBe('throughput');
});
