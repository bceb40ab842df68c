import { BotllmError } from '../errors.js';
import type { AnswerSource, FinishReason, Usage } from '../types.js';
import type { Landed } from './answer.js';
import { fetchAnswer } from './ask-engine.js';
import { breakerOpen } from './attempt.js';
import { answerKey, type CachedAnswer } from './cache.js';
import type { Call } from './call.js';
import { enterGuards } from './entrance.js';
import type { Kit } from './kit.js';
import type { Lease } from './lease.js';
import { MESSAGES } from './messages.js';
import { type Quota, takeQuota } from './quota.js';
import { promptChars, sanitise } from './sanitise.js';
import type { Patience } from './single-flight.js';
import type { Accepted, Judge } from './validate.js';

/** An accepted answer and where it came from. */
export interface Outcome<T> extends Accepted<T> {
  source: Exclude<AnswerSource, 'fallback'>;
  finishReason: FinishReason;
  usage?: Usage;
  /** For a hit: how old it is. */
  ageMs: number | null;
  /** False: another caller's flight got the answer, and the tokens are on his account. */
  own: boolean;
}

/**
 * The way of a request, in this order: sanitise, enabled, cache, breaker, rate limit, single flight (in this
 * process, then among processes), context, admission, attempts, judgement, one re-ask, cache put. Telemetry and
 * fallback are the caller's.
 * @throws BotllmError the step that failed
 */
export async function runPipeline<T>(kit: Kit, call: Call, judge: Judge<T>): Promise<Outcome<T>> {
  const key = await prepare(kit, call);
  const flight = key === null ? null : flightKey(call, key);
  const entrance = key === null ? null : await enterGuards(kit, call, key, flight);
  const hit = judged(entrance?.kept ?? null, judge);
  if (hit) return hit.outcome;

  const missedAt = kit.clock.monotonic();
  const quota = entrance?.quota ?? (await passGuards(kit, call));
  try {
    if (key === null || flight === null) {
      const answer = await fetchAnswer(kit, call, call.patience, judge);
      return outcomeOf({ ...answer, ageMs: null }, judge, true);
    }
    let bid = entrance?.lease;
    if (kit.flights.has(flight)) {
      // Another one took off meanwhile.
      bid?.release();
      bid = undefined;
    }
    const { value, own } = await kit.flights.run(flight, call.patience, (patience) =>
      askOnce(kit, call, { patience, key, missedAt, judge, bid }),
    );
    return outcomeOf(value, judge, own);
  } finally {
    // Served by another's flight, or turned away before the engine saw anything.
    if (call.attempts === 0) quota.refund();
  }
}

/** Nobody who is in a hurry gets aboard where nobody is: a flight waits for the engine in its starter's class. */
function flightKey({ priority }: Call, key: string): string {
  return `${priority} ${key}`;
}

interface Flight {
  patience: Patience;
  key: string;
  missedAt: number;
  judge: Judge<unknown>;
  /** What was said to a bid for the lease; undefined: it was not asked for yet. */
  bid: Lease | null | undefined;
}

/** Asks the engine, unless another process does: then its answer is a hit, which costs no quota. */
async function askOnce(kit: Kit, call: Call, flight: Flight): Promise<Landed> {
  const { patience, key, missedAt, judge, bid } = flight;
  const look = async () => judged(await kit.cache.get(key, patience.signal), judge)?.kept ?? null;
  const turn = await kit.leases.turn({ key: flightKey(call, key), patience, missedAt, look, bid });
  if ('found' in turn) return turn.found;
  let kept: Promise<void> | undefined;
  try {
    const answer = await fetchAnswer(kit, call, patience, judge);
    if (answer.finishReason === 'stop' && answer.text !== '') kept = kit.cache.put(key, answer);
    return { ...answer, ageMs: null };
  } finally {
    turn.lease.release(kept);
  }
}

/** Sanitises, checks the switch, finds out the model's name. @returns the cache key, or null: not cacheable */
export async function prepare(kit: Kit, call: Call): Promise<string | null> {
  const { config } = kit;
  call.request = sanitise(call.request, config.maxPromptChars);
  if (!config.enabled) throw new BotllmError('DISABLED', MESSAGES.disabled, { hint: MESSAGES.disabledHint });
  call.patience.signal.throwIfAborted();
  if (config.model === undefined) {
    call.model = (await kit.detector.facts(call.patience.signal)).servedModel ?? call.model;
  }
  if (kit.telemetry.isHeard)
    kit.telemetry.tell(call, { event: 'llm_request', promptChars: promptChars(call.request) });
  if (!call.cacheable) return null;
  const { scope, task, model, promptVersion, request } = call;
  return answerKey({ scope, task, model, promptVersion, request });
}

function judged<T>(
  kept: CachedAnswer | null,
  judge: Judge<T>,
): { kept: CachedAnswer; outcome: Outcome<T> } | null {
  try {
    return kept && { kept, outcome: outcomeOf(kept, judge, true) };
  } catch {
    // What an older version of a check let through is no answer any more.
    return null;
  }
}

/** Breaker and rate limit: refusals that cost the engine nothing. An open breaker costs no quota either. */
export async function passGuards(kit: Kit, call: Call): Promise<Quota> {
  const waitMs = kit.breaker.waitMs();
  if (waitMs > 0) throw breakerOpen(waitMs);
  return takeQuota({
    store: kit.store,
    scope: call.scope,
    limit: call.limited ? kit.config.rateLimit : 0,
    userId: call.userId,
    tell: call.onQuota,
    signal: call.patience.signal,
  });
}

function outcomeOf<T>(answer: Landed, judge: Judge<T>, own: boolean): Outcome<T> {
  const { finishReason, usage, ageMs } = answer;
  const source = ageMs === null ? 'model' : 'cache';
  return { source, finishReason, ageMs, own, ...judge(answer), ...(usage && { usage }) };
}
