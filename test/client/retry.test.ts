import { describe, expect, it } from 'vitest';
import { retryBudget, withRetries } from '../../src/client/retry.js';
import { BotllmError, type ErrorCode } from '../../src/errors.js';
import { handClock } from './hand-clock.js';

/** Runs a call that fails with each of `codes`, then gives `done`; the clock jumps over every wait. */
async function tries(
  failures: (ErrorCode | BotllmError)[],
  { maxRetries = 3, remaining = 60_000, random = () => 0 as number, mayGoOn = () => true as boolean } = {},
) {
  const clock = handClock();
  const startedAt = clock.monotonic();
  const delays: number[] = [];
  let runs = 0;
  const call = withRetries(
    async () => {
      const next = failures[runs];
      runs += 1;
      if (next === undefined) return 'done';
      throw typeof next === 'string' ? new BotllmError(next, '') : next;
    },
    {
      budget: retryBudget(maxRetries),
      clock,
      random,
      mayGoOn,
      patience: {
        signal: new AbortController().signal,
        remainingMs: () => startedAt + remaining - clock.monotonic(),
      },
      onRetry: ({ delayMs }) => {
        delays.push(delayMs);
        setImmediate(() => void clock.advance(delayMs));
      },
    },
  );
  const outcome = await call.catch((error: BotllmError) => error.code);
  return { outcome, runs, delays };
}

describe('retries', () => {
  it.each<ErrorCode>([
    'ENGINE_UNREACHABLE',
    'ENGINE_NOT_READY',
    'ENGINE_OVERLOADED',
    'ENGINE_ERROR',
    'TIMEOUT',
  ])('%s may heal', async (code) => expect(await tries([code])).toMatchObject({ outcome: 'done', runs: 2 }));

  it.each<ErrorCode>([
    'INVALID_REQUEST',
    'UNAUTHORIZED',
    'MODEL_NOT_SERVED',
    'CONTEXT_EXCEEDED',
    'INVALID_RESPONSE',
    'INCOMPLETE_RESPONSE',
    'BREAKER_OPEN',
    'INTERNAL',
  ])('%s does not', async (code) => expect(await tries([code])).toMatchObject({ outcome: code, runs: 1 }));

  it('stop at the given number, with doubling waits', async () => {
    const { outcome, runs, delays } = await tries(Array(9).fill('ENGINE_ERROR'), { maxRetries: 6 });
    expect({ outcome, runs }).toEqual({ outcome: 'ENGINE_ERROR', runs: 7 });
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000]);
  });

  it('spread by chance, down to half', async () => {
    expect((await tries(['ENGINE_ERROR'], { random: () => 1 })).delays).toEqual([125]);
  });

  it('a timeout is tried again once, whatever else happens', async () => {
    expect(await tries(['TIMEOUT', 'TIMEOUT'])).toMatchObject({ outcome: 'TIMEOUT', runs: 2 });
    expect(await tries(['TIMEOUT', 'ENGINE_ERROR', 'TIMEOUT'])).toMatchObject({
      outcome: 'TIMEOUT',
      runs: 3,
    });
  });

  it('a wait that does not fit into the deadline is not begun', async () => {
    expect(await tries(['ENGINE_ERROR', 'ENGINE_ERROR'], { remaining: 600 })).toMatchObject({
      runs: 2,
      delays: [250],
    });
  });

  it('Retry-After is obeyed when it fits, and ends the call when not', async () => {
    const busy = (retryAfterMs: number) => new BotllmError('ENGINE_OVERLOADED', '', { retryAfterMs });
    expect(await tries([busy(7000)])).toMatchObject({ outcome: 'done', delays: [7000] });
    expect(await tries([busy(277_403_000)])).toMatchObject({ outcome: 'ENGINE_OVERLOADED', runs: 1 });
  });

  it('stop when the breaker opened meanwhile', async () => {
    expect(await tries(['ENGINE_ERROR'], { mayGoOn: () => false })).toMatchObject({ runs: 1 });
  });
});
