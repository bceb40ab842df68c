import type { LimitDecision } from './contract.js';

/**
 * The smallest step between two stamps. A power of two, so that sums with today's milliseconds stay exact in a
 * double; it keeps the stamps of one millisecond apart without moving them into the next.
 */
export const TICK = 2 ** -12;

export interface Decided {
  decision: LimitDecision;
  /** The log to keep: live stamps, ascending, with the new one when the call was accepted. */
  stamps: number[];
}

/**
 * The rate limit's whole rule: an exact sliding log. At most `limit` accepted calls lie in any `windowMs`
 * (a call made at t counts until just before t + windowMs); refused calls are not counted.
 *
 * A clock that stepped back: time stands still at the newest stamp until the clock has caught up, and a log
 * that lies more than a window ahead is forgotten, so that nobody is locked out.
 * @param stamps accepted calls, ascending, as the last decision left them
 * @param now milliseconds of the caller's clock
 */
export function decide(stamps: readonly number[], now: number, limit: number, windowMs: number): Decided {
  const { live, standing } = aged(stamps, now, limit, windowMs);
  if (live.length >= limit) return { decision: refusal(live, now, limit, windowMs), stamps: live };
  const newest = live.at(-1);
  const stamp = newest === undefined || standing > newest ? standing : newest + TICK;
  const kept = [...live, stamp];
  const decision = {
    allowed: true,
    remaining: limit - kept.length,
    retryAfterMs: 0,
    resetMs: untilEmpty(kept, now, windowMs),
    stamp,
  };
  return { decision, stamps: kept };
}

/** What `decide` would say, without taking the call. */
export function look(stamps: readonly number[], now: number, limit: number, windowMs: number): LimitDecision {
  const { live } = aged(stamps, now, limit, windowMs);
  if (live.length >= limit) return refusal(live, now, limit, windowMs);
  const remaining = limit - live.length;
  return { allowed: true, remaining, retryAfterMs: 0, resetMs: untilEmpty(live, now, windowMs), stamp: null };
}

/** Refuses numbers under which the rule means nothing; "unlimited" is the caller's not asking at all. */
export function assertLimit(limit: number, windowMs: number): void {
  if (!Number.isInteger(limit) || limit < 1)
    throw new RangeError(`limit must be a whole number ≥ 1: ${limit}`);
  if (!Number.isFinite(windowMs) || windowMs < 1) throw new RangeError(`windowMs must be ≥ 1: ${windowMs}`);
}

function aged(stamps: readonly number[], now: number, limit: number, windowMs: number) {
  assertLimit(limit, windowMs);
  const ms = Math.floor(now);
  const oldest = stamps[0];
  if (oldest !== undefined && oldest > ms + windowMs) return { live: [], standing: ms };
  const standing = Math.max(ms, Math.floor(stamps.at(-1) ?? ms));
  return { live: stamps.filter((stamp) => Math.floor(stamp) + windowMs > standing), standing };
}

function refusal(live: readonly number[], now: number, limit: number, windowMs: number): LimitDecision {
  // The call fits again when all but limit - 1 of the live stamps are gone (the limit may have been lowered).
  const last = live[live.length - limit] ?? 0;
  const retryAfterMs = Math.floor(last) + windowMs - Math.floor(now);
  return {
    allowed: false,
    remaining: 0,
    retryAfterMs,
    resetMs: untilEmpty(live, now, windowMs),
    stamp: null,
  };
}

function untilEmpty(live: readonly number[], now: number, windowMs: number): number {
  const newest = live.at(-1);
  return newest === undefined ? 0 : Math.floor(newest) + windowMs - Math.floor(now);
}
