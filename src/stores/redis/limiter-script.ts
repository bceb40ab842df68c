import type { LimitDecision } from '../contract.js';

/**
 * The rule of `decide` (see there) over one LIST of stamps, by Redis' own clock: KEYS[1] the log, ARGV the limit, the
 * window in ms and `take` or `peek`. A call is refused exactly while the limit-th newest stamp is in the window, so
 * the cost does not grow with the limit. Numbers are written with 17 digits, which are a double to the letter.
 *
 * What is no log at that key counts as empty, and the next accepted call replaces it; what is no number among the
 * stamps leaves with the first that do. So nothing that somebody wrote there shuts a user out for good.
 *
 * Gives allowed, remaining, now, the stamp that a refused call waits for, the newest, the call's own; stamps but the
 * last without their fractions.
 */
export const LIMITER = `
local call, floor = redis.call, math.floor
local key, limit, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
local last = redis.pcall('LINDEX', key, -1)
local newest = tonumber(last)

if newest ~= newest then newest = nil end
if newest and newest > now + window and (tonumber(call('LINDEX', key, 0)) or newest) > now + window then
  newest = nil
end
local standing = newest and math.max(now, floor(newest)) or now
-- A stamp counts while it is later than this.
local horizon = standing - window

local blocking = newest and tonumber(call('LINDEX', key, -limit))
if blocking and floor(blocking) > horizon then return { 0, 0, now, floor(blocking), floor(newest) } end

if ARGV[3] ~= 'take' then
  local count, over = newest and call('LLEN', key) or 0, 0
  while over < count and floor(tonumber(call('LINDEX', key, over)) or 0) <= horizon do over = over + 1 end
  return { 1, limit - count + over, now, 0, over < count and floor(newest) or 0 }
end
if newest then
  while floor(tonumber(call('LINDEX', key, 0)) or 0) <= horizon and call('LPOP', key) do end
elseif last then
  call('DEL', key)
end
local stamp = standing
if newest and newest >= standing then stamp = newest + 1 / 4096 end
local text = string.format('%.17g', stamp)
local count = call('RPUSH', key, text)
-- Bounded, for what Redis refuses here would leave a key without an end.
call('PEXPIRE', key, math.min(math.ceil(floor(stamp) + window - now), 1e15))
return { 1, limit - count, now, 0, floor(stamp), text }
`;

/** @throws TypeError when it is no reply of the script's */
export function readDecision(reply: unknown, windowMs: number): LimitDecision {
  if (!Array.isArray(reply)) throw new TypeError(typeof reply);
  const [allowed, remaining, now, blocking, newest, stamp] = reply as (number | string | undefined)[];
  const untilOver = (at: unknown) => Number(at) + windowMs - Number(now);
  return {
    allowed: allowed === 1,
    remaining: Number(remaining),
    retryAfterMs: allowed === 1 ? 0 : untilOver(blocking),
    resetMs: newest === 0 ? 0 : untilOver(newest),
    stamp: stamp === undefined ? null : Number(stamp),
  };
}

/** Takes the call with this very stamp out of the log. */
export const REFUND = `
redis.pcall('LREM', KEYS[1], 1, string.format('%.17g', tonumber(ARGV[1])))
return 0
`;
