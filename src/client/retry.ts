import { type BotllmError, type ErrorCode, isBotllmError } from '../errors.js';
import { sleep } from './cancel.js';
import type { Clock } from './clock.js';
import type { Patience } from './single-flight.js';

/** What may be gone a moment later. Everything else would fail the same way again. */
const HEALS: ReadonlySet<ErrorCode> = new Set([
  'ENGINE_UNREACHABLE',
  'ENGINE_NOT_READY',
  'ENGINE_OVERLOADED',
  'ENGINE_ERROR',
  'TIMEOUT',
] satisfies ErrorCode[]);

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4000;

/** What is left of a call's retries; a re-ask goes on with what the first question left. */
export interface RetryBudget {
  retries: number;
  timeouts: number;
}

export function retryBudget(maxRetries: number): RetryBudget {
  return { retries: maxRetries, timeouts: 1 };
}

export interface RetryOptions {
  budget: RetryBudget;
  patience: Patience;
  clock: Clock;
  /** 0 to 1; spreads the retries of many callers. */
  random: () => number;
  /** A further reason not to go on (the breaker opened meanwhile). */
  mayGoOn: () => boolean;
  onRetry: (info: { attempt: number; delayMs: number; error: BotllmError }) => void;
}

/**
 * Tries again what can heal: delays double from 250 ms to 4 s, each minus up to half by chance; an engine's
 * Retry-After is obeyed as it is. A delay that does not fit into what is left of the deadline ends the call at
 * once. A timeout is tried again at most once: the engine may still be busy with the first request.
 */
export async function withRetries<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { budget } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (options.patience.signal.aborted || !isBotllmError(error) || !HEALS.has(error.code)) throw error;
      if (budget.retries === 0 || (error.code === 'TIMEOUT' && budget.timeouts === 0)) throw error;
      if (!options.mayGoOn()) throw error;
      budget.retries -= 1;
      if (error.code === 'TIMEOUT') budget.timeouts -= 1;
      const delayMs = error.retryAfterMs ?? backoff(attempt, options.random);
      if (delayMs >= options.patience.remainingMs()) throw error;
      options.onRetry({ attempt, delayMs, error });
      await sleep(delayMs, options.patience.signal, options.clock);
    }
  }
}

function backoff(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(longest * (1 - 0.5 * random()));
}
