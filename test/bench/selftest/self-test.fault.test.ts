import { afterAll, beforeAll, expect, test } from 'vitest';
import { built } from '../built.js';

const { startInstrument } =
  await built<typeof import('../../../src/bench/load/instrument.js')>('bench/load/instrument.js');
const { selfTest } =
  await built<typeof import('../../../src/bench/selftest/run.js')>('bench/selftest/run.js');
const signal = new AbortController().signal;
/** A machine that others use holds a process up for tenths of a second: only a broken instrument is further off. */
const FAR_OFF_MS = 1_000;

let instrument: Awaited<ReturnType<typeof startInstrument>>;
beforeAll(async () => {
  instrument = await startInstrument();
});
afterAll(() => instrument[Symbol.asyncDispose]());

test('the parts of the error add up to it, request by request of an engine whose truth is known', async () => {
  const script = { ttftMs: 60, itlMs: 5, tokens: 24, tokensPerEvent: 1 };
  const levels = [
    { concurrency: 1, requests: 5 },
    { concurrency: 4, requests: 12 },
  ];
  const { levels: found } = await selfTest({ script, levels, instrument, signal });
  expect(found.map(({ error }) => [error.requests, error.failed])).toEqual([
    [5, 0],
    [12, 0],
  ]);
  for (const { error } of found) {
    const [ttft = Number.NaN, own = Number.NaN, late = Number.NaN] = [
      error.ttft,
      error.own,
      error.engine_late,
    ].map((part) => part?.mean);
    expect(ttft).toBeCloseTo(own + late, 6);
    expect(Math.abs(own)).toBeLessThan(FAR_OFF_MS);
    expect(Math.abs(error.tpot?.mean ?? Number.NaN)).toBeLessThan(FAR_OFF_MS / (script.tokens - 1));
  }
});

test('four tokens an event are four tokens, not one', async () => {
  const script = { ttftMs: 30, itlMs: 25, tokens: 32, tokensPerEvent: 4 };
  const { levels } = await selfTest({
    script,
    levels: [{ concurrency: 1, requests: 3 }],
    instrument,
    signal,
  });
  // Counted by events it would be four times as much.
  expect(Math.abs(levels[0]?.error.tpot?.mean ?? Number.NaN)).toBeLessThan(1.5 * script.itlMs);
});

test('what waited for a slot of the engine is not booked as an error of the instrument', async () => {
  const script = { ttftMs: 400, itlMs: 0, tokens: 1, tokensPerEvent: 1, slots: 1 };
  const { levels } = await selfTest({
    script,
    levels: [{ concurrency: 3, requests: 6 }],
    instrument,
    signal,
  });
  // Of three requests one waits for one answer, one for two.
  expect(levels[0]?.error.ttft?.mean).toBeLessThan(script.ttftMs / 2);
});
