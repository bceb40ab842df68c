import { BotllmError } from '../errors.js';
import type { Store } from '../stores/contract.js';
import { limitKey } from '../stores/keys.js';
import { type Ending, orAbort } from './cancel.js';
import { MESSAGES } from './messages.js';

export const LIMIT_WINDOW_MS = 60_000;

/** One call of a user's quota, which can be given back once. */
export interface Quota {
  refund(): void;
}

/** What is left of a user's quota. Times are milliseconds. */
export interface QuotaState {
  /** Calls in any window. */
  limit: number;
  windowMs: number;
  /** Calls that are left after this one. */
  remaining: number;
  /** Until the whole quota is there again. */
  resetMs: number;
}

const FREE: Quota = { refund: () => {} };

export interface QuotaRequest {
  store: () => Promise<Store>;
  scope: string;
  /** Calls in any 60 s; 0: unlimited. */
  limit: number;
  /** A call without a user is bounded by admission alone. */
  userId: string | undefined;
  tell?: ((state: QuotaState) => void) | undefined;
  signal: Ending;
}

/**
 * Takes one call of the user's quota.
 * @throws BotllmError `RATE_LIMIT_EXCEEDED` with the wait after which the same call is accepted
 */
export async function takeQuota({ store, scope, limit, userId, tell, signal }: QuotaRequest): Promise<Quota> {
  if (limit === 0 || userId === undefined) return FREE;
  const key = limitKey(scope, userId);
  const opened = await orAbort(store(), signal);
  const taking = opened.take(key, limit, LIMIT_WINDOW_MS);
  const giveBack = (stamp: number | null) => {
    // Best effort: the stamp leaves the window by itself within a minute.
    if (stamp !== null) opened.refund(key, stamp).catch(() => {});
  };
  try {
    const decision = await orAbort(taking, signal);
    const { remaining, resetMs } = decision;
    tellOf(tell, { limit, windowMs: LIMIT_WINDOW_MS, remaining, resetMs });
    if (!decision.allowed) {
      throw new BotllmError(
        'RATE_LIMIT_EXCEEDED',
        MESSAGES.rateLimited(limit, Math.ceil(decision.retryAfterMs / 1000)),
        { retryAfterMs: decision.retryAfterMs, hint: MESSAGES.rateLimitedHint },
      );
    }
    return { refund: () => giveBack(decision.stamp) };
  } catch (error) {
    if (signal.aborted) taking.then(({ stamp }) => giveBack(stamp)).catch(() => {});
    throw error;
  }
}

function tellOf(tell: QuotaRequest['tell'], state: QuotaState): void {
  try {
    tell?.(state);
  } catch {
    // A listener's fault is no reason to fail a call.
  }
}
