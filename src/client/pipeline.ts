import { BotllmError, isBotllmError } from '../errors.js';
import type { AnswerSource, FinishReason, Usage } from '../types.js';
import type { Answer, EngineAnswer } from './answer.js';
import { attempt, breakerOpen } from './attempt.js';
import { answerKey } from './cache.js';
import type { Call } from './call.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import { type Quota, takeQuota } from './quota.js';
import { reaskRequest } from './reask.js';
import type { EngineRequest } from './requests.js';
import { type RetryBudget, type RetryOptions, retryBudget, withRetries } from './retry.js';
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
 * The way of a request, in this order: sanitise, enabled, cache, breaker, rate limit, single flight, admission,
 * attempts, judgement, one re-ask, cache put. Telemetry and fallback are the caller's.
 * @throws BotllmError the step that failed
 */
export async function runPipeline<T>(kit: Kit, call: Call, judge: Judge<T>): Promise<Outcome<T>> {
  const key = await prepare(kit, call);
  const hit = key === null ? null : await readCache(kit, call, key, judge);
  if (hit) return hit;

  const quota = await passGuards(kit, call);
  try {
    if (key === null) return fresh(await fetchAnswer(kit, call, call.patience, judge, null), judge, true);
    const { value, own } = await kit.flights.run(key, call.patience, (flight) =>
      fetchAnswer(kit, call, flight, judge, key),
    );
    return fresh(value, judge, own);
  } finally {
    // Served by another's flight, or turned away before the engine saw anything.
    if (call.attempts === 0) quota.refund();
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
  kit.telemetry.tell(call, { event: 'llm_request', promptChars: promptChars(call.request) });
  if (!call.cacheable) return null;
  const { task, model, promptVersion, request } = call;
  return answerKey({ scope: config.scope, task, model, promptVersion, request });
}

async function readCache<T>(kit: Kit, call: Call, key: string, judge: Judge<T>): Promise<Outcome<T> | null> {
  const kept = await kit.cache.get(key, call.patience.signal);
  if (!kept) return null;
  try {
    // What an older version of a check let through is no answer any more.
    const accepted = judge(kept);
    return { ...accepted, source: 'cache', finishReason: 'stop', ageMs: kept.ageMs, own: true };
  } catch {
    return null;
  }
}

/** Breaker and rate limit: refusals that cost the engine nothing. An open breaker costs no quota either. */
export async function passGuards(kit: Kit, call: Call): Promise<Quota> {
  const waitMs = kit.breaker.waitMs();
  if (waitMs > 0) throw breakerOpen(waitMs);
  return takeQuota({
    store: kit.store,
    scope: kit.config.scope,
    limit: call.limited ? kit.config.rateLimit : 0,
    userId: call.userId,
    signal: call.patience.signal,
  });
}

/** From admission to the cache. Runs for the flight, which may outlive the call that started it. */
async function fetchAnswer(
  kit: Kit,
  call: Call,
  patience: Patience,
  judge: Judge<unknown>,
  key: string | null,
): Promise<Answer> {
  const leave = await enter(kit, call, patience);
  try {
    const answer = await answerOrReask(kit, call, patience, judge);
    if (key !== null && answer.finishReason === 'stop' && answer.text !== '') void kit.cache.put(key, answer);
    return answer;
  } finally {
    leave();
  }
}

/** Waits for a place at the engine; learns first how many it has. */
export async function enter(kit: Kit, call: Call, patience: Patience): Promise<() => void> {
  if (kit.config.maxConcurrency === undefined) {
    const { slots } = await kit.detector.facts(patience.signal);
    if (slots !== null) kit.admission.setLimit(slots);
  }
  return kit.admission.enter(call.userId ?? '', patience.signal);
}

async function answerOrReask(
  kit: Kit,
  call: Call,
  patience: Patience,
  judge: Judge<unknown>,
): Promise<Answer> {
  const budget = retryBudget(kit.config.maxRetries);
  const first = await ask(kit, call, call.request, patience, budget);
  try {
    return withConfidence(first, judge);
  } catch (reason) {
    // A cut answer would be cut again, at the price of another full one.
    if (!isBotllmError(reason, 'INVALID_ANSWER')) throw reason;
    kit.telemetry.tell(call, { event: 'llm_reask', error: reason.code });
    const second = await ask(kit, call, reaskRequest(call.request, first, reason), patience, budget);
    return withConfidence(second, judge);
  }
}

function ask(
  kit: Kit,
  call: Call,
  request: EngineRequest,
  patience: Patience,
  budget: RetryBudget,
): Promise<EngineAnswer> {
  return withRetries(() => attempt(kit, call, request, patience), retryOptions(kit, call, patience, budget));
}

/** How a call is retried, the plain and the streamed one alike. */
export function retryOptions(kit: Kit, call: Call, patience: Patience, budget: RetryBudget): RetryOptions {
  return {
    budget,
    patience,
    clock: kit.clock,
    random: kit.random,
    mayGoOn: () => kit.breaker.waitMs() === 0,
    onRetry: ({ attempt: number, delayMs, error }) =>
      kit.telemetry.tell(call, { event: 'llm_retry', attempt: number, delayMs, error: error.code }),
  };
}

/** Judged once by the one who asked; the tokens are let go, what they said about the choice is kept. */
function withConfidence({ tokens, ...answer }: EngineAnswer, judge: Judge<unknown>): Answer {
  const { confidence } = judge(tokens ? { ...answer, tokens } : answer);
  return { ...answer, confidence };
}

function fresh<T>(answer: Answer, judge: Judge<T>, own: boolean): Outcome<T> {
  const { finishReason, usage } = answer;
  return { ...judge(answer), source: 'model', finishReason, ageMs: null, own, ...(usage && { usage }) };
}
