import type { LimitDecision } from '../contract.js';
import { look, TICK } from '../decide.js';

/**
 * The rule of `decide` (see there) over one LIST of stamps, by Redis' own clock: KEYS[1] the log, ARGV the limit and
 * the window in whole ms. A call is refused exactly while the limit-th newest stamp is in the window. A log of few
 * stamps is read at once, of a longer one only what decides, so the cost does not grow with the limit. Whatever Lua
 * makes of a number costs it a microsecond or two, the more so as text: what is common stays as it came, the rest is
 * the caller's to reckon. A stamp that is no whole millisecond is written with 17 digits, a double to the letter.
 *
 * What is no log at that key counts as empty, and the next accepted call replaces it; what is no number among the
 * stamps leaves with the first that do. So nothing that somebody wrote there shuts a user out for good.
 *
 * Gives calls in the window (-1: refused), how far the call's stamp (of a refused one: the stamp that it waits for)
 * lies ahead of now in whole ms, now (of a refused one: how far ahead the newest lies), and the stamp's ticks.
 */
export const TAKE = `
local call, floor = redis.call, math.floor
local key, limit = KEYS[1], tonumber(ARGV[1])
local time = call('TIME')
local stamp = time[1] .. string.sub('00000' .. time[2], -6, -4)
local now = tonumber(stamp)
local ahead, ticks, life = 0, 0, ARGV[2]

local few = limit <= 64
local log = redis.pcall('LRANGE', key, few and '-' .. ARGV[1] or '-1', '-1')
local oldest, newest = log[1], tonumber(log[#log])
if log[1] and not (few and #log < limit) then oldest = call('LINDEX', key, '0') end
local window = newest and tonumber(life)
if newest ~= newest or (newest and newest > now + window and (tonumber(oldest) or newest) > now + window) then
  newest = nil
end

if newest then
  local standing = math.max(now, floor(newest))
  -- A stamp counts while it is later than this.
  local horizon = standing - window
  local blocking
  if not few then blocking = call('LINDEX', key, -limit) elseif #log == limit then blocking = log[1] end
  blocking = tonumber(blocking)
  if blocking and floor(blocking) > horizon then return { -1, floor(blocking) - now, floor(newest) - now } end
  while oldest and floor(tonumber(oldest) or 0) <= horizon do
    call('LPOP', key)
    oldest = call('LINDEX', key, '0')
  end
  if newest >= now then
    local own = newest >= standing and newest + ${TICK} or standing
    ahead, ticks, stamp = floor(own) - now, own % 1 / ${TICK}, string.format('%.17g', own)
    -- Bounded, for what Redis refuses here would leave a key without an end.
    life = math.min(window + ahead, 1e15)
  end
elseif log.err or log[1] then
  call('DEL', key)
end
local count = call('RPUSH', key, stamp)
call('PEXPIRE', key, life)
return { count, ahead, now, ticks }
`;

/** What ARGV of `TAKE` are: of the window only whole ms matter to stamps of whole ms. */
export function takeArgs(limit: number, windowMs: number): [limit: string, window: string] {
  return [String(limit), String(Math.min(Math.ceil(windowMs), 1e15))];
}

/** @throws TypeError when it is no reply of `TAKE` */
export function readTaken(reply: unknown, limit: number, windowMs: number): LimitDecision {
  if (!Array.isArray(reply)) throw new TypeError(typeof reply);
  const [calls, ahead, now, ticks] = reply as [number, number, number, number];
  if (calls < 0) {
    return {
      allowed: false,
      remaining: 0,
      retryAfterMs: ahead + windowMs,
      resetMs: now + windowMs,
      stamp: null,
    };
  }
  const stamp = now + ahead + ticks * TICK;
  return { allowed: true, remaining: limit - calls, retryAfterMs: 0, resetMs: ahead + windowMs, stamp };
}

/** Redis' time and the log at KEYS[1], for `look`; what is no log is empty. */
export const LOOK = `
local log = redis.pcall('LRANGE', KEYS[1], '0', '-1')
return { redis.call('TIME'), log.err and {} or log }
`;

/** @throws what Redis answered, when it is no reply of `LOOK` */
export function readLook(reply: unknown, limit: number, windowMs: number): LimitDecision {
  const [time, log] = Array.isArray(reply) ? reply : [reply, reply];
  return look(stampsOf(log), msOf(time), limit, windowMs);
}

/** The stamps of a log as LRANGE gives it, without what is no number. */
export function stampsOf(log: unknown): number[] {
  return Array.isArray(log) ? log.map(Number).filter(Number.isFinite) : [];
}

/** The milliseconds that TIME says. @throws what it answered instead */
export function msOf(time: unknown): number {
  if (!Array.isArray(time)) throw time;
  return Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000);
}

/** Takes the call with this very stamp out of the log. */
export const REFUND = `
redis.pcall('LREM', KEYS[1], 1, string.format('%.17g', tonumber(ARGV[1])))
return 0
`;
