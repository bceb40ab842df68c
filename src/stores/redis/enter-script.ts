import type { Entered, Entry } from '../contract.js';
import { LEASE } from './lease-scripts.js';
import { readTaken, TAKE, takeArgs } from './limiter-script.js';

/**
 * `cacheGet`, `take` and `lease` in one script: three trips are most of what an answer of the engine's waits for the
 * guards. KEYS[1] the answer; then, where they are asked for, the keys and arguments of the limit and of the lease.
 * Gives the answer, or whether the lease was given (1, 0) and behind it what `TAKE` gives.
 */
export function enterScript(asks: { limit: boolean; lease: boolean }): string {
  const lease = asks.limit ? '{ KEYS[3] }, { ARGV[3], ARGV[4] }' : '{ KEYS[2] }, { ARGV[1], ARGV[2] }';
  return `
local value = redis.pcall('GET', KEYS[1])
if type(value) == 'string' then return value end
${asks.limit ? functionOf('take', TAKE) : ''}
${asks.lease ? functionOf('lease', LEASE) : ''}
local taken = ${asks.limit ? 'take({ KEYS[2] }, { ARGV[1], ARGV[2] })' : '{}'}
if taken[1] == -1 then return { 0, unpack(taken) } end
return { ${asks.lease ? `lease(${lease})` : '0'}, unpack(taken) }
`;
}

function functionOf(name: string, script: string): string {
  return `local function ${name}(KEYS, ARGV)${script}end`;
}

/** The input of `enterScript`. */
export function enterInput({ cacheKey, limit, lease }: Entry): { keys: string[]; args: string[] } {
  return {
    keys: [cacheKey, ...(limit ? [limit.key] : []), ...(lease ? [lease.key] : [])],
    args: [
      ...(limit ? takeArgs(limit.calls, limit.windowMs) : []),
      ...(lease ? [lease.token, lifeMs(lease.ttlMs)] : []),
    ],
  };
}

/** @throws TypeError when it is no reply of `enterScript` */
export function readEntered(reply: unknown, { limit }: Entry): Entered {
  if (typeof reply === 'string') return { value: reply, decision: null, leased: false };
  if (!Array.isArray(reply)) throw new TypeError(typeof reply);
  const [leased, ...taken] = reply as [number, ...unknown[]];
  const decision = limit && readTaken(taken, limit.calls, limit.windowMs);
  return { value: null, decision, leased: leased === 1 };
}

/** Redis keeps a key through the whole millisecond in which its life ends. */
export function lifeMs(ms: number): string {
  return String(Math.max(1, Math.round(ms) - 1));
}
