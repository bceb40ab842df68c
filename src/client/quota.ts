import { BotllmError } from '../errors.js';
import type { LimitDecision, Store } from '../stores/contract.js';
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

/** What the store is to be asked for a call; null: it is not limited. */
export function limitOf({ scope, limit, userId }: Pick<QuotaRequest, 'scope' | 'limit' | 'userId'>) {
  if (limit === 0 || userId === undefined) return null;
  return { key: limitKey(scope, userId), calls: limit, windowMs: LIMIT_WINDOW_MS };
}

/**
 * Takes one call of the user's quota.
 * @throws BotllmError `RATE_LIMIT_EXCEEDED` with the wait after which the same call is accepted
 */
export async function takeQuota(request: QuotaRequest): Promise<Quota> {
  const { store, tell, signal } = request;
  const limit = limitOf(request);
  if (!limit) return FREE;
  const opened = await orAbort(store(), signal);
  const taking = opened.take(limit.key, limit.calls, limit.windowMs);
  try {
    return quotaBy(await orAbort(taking, signal), { limit, tell, opened });
  } catch (error) {
    if (signal.aborted) taking.then(({ stamp }) => giveBack(opened, limit.key, stamp)).catch(() => {});
    throw error;
  }
}

interface Taken {
  limit: { key: string; calls: number; windowMs: number } | null;
  tell: QuotaRequest['tell'];
  opened: Store;
}

/**
 * What the store decided, as the call's quota.
 * @throws BotllmError `RATE_LIMIT_EXCEEDED`
 */
export function quotaBy(decision: LimitDecision | null, { limit, tell, opened }: Taken): Quota {
  if (!limit || !decision) return FREE;
  const { remaining, resetMs, allowed, retryAfterMs, stamp } = decision;
  tellOf(tell, { limit: limit.calls, windowMs: limit.windowMs, remaining, resetMs });
  if (!allowed) {
    throw new BotllmError(
      'RATE_LIMIT_EXCEEDED',
      MESSAGES.rateLimited(limit.calls, Math.ceil(retryAfterMs / 1000)),
      { retryAfterMs, hint: MESSAGES.rateLimitedHint },
    );
  }
  return { refund: () => giveBack(opened, limit.key, stamp) };
}

/** Best effort: the stamp leaves the window by itself within a minute. */
export function giveBack(opened: Store, key: string, stamp: number | null): void {
  if (stamp !== null) opened.refund(key, stamp).catch(() => {});
}

function tellOf(tell: QuotaRequest['tell'], state: QuotaState): void {
  try {
    tell?.(state);
  } catch {
    // A listener's fault is no reason to fail a call.
  }
}
