import { isBotllmError } from '../errors.js';
import type { Answer, EngineAnswer } from './answer.js';
import { attempt } from './attempt.js';
import type { Call } from './call.js';
import { checkContext } from './context-check.js';
import type { Kit } from './kit.js';
import type { Leave } from './places.js';
import { reaskRequest } from './reask.js';
import type { EngineRequest } from './requests.js';
import { type RetryBudget, type RetryOptions, retryBudget, withRetries } from './retry.js';
import type { Patience } from './single-flight.js';
import type { Judge } from './validate.js';

/**
 * The engine's part of the pipeline: context, admission, attempts, judgement, one re-ask. Runs for the flight, which may outlive the call that started it.
 */
export async function fetchAnswer(
  kit: Kit,
  call: Call,
  patience: Patience,
  judge: Judge<unknown>,
): Promise<Answer> {
  await checkContext(kit, call, patience);
  const leave = await enter(kit, call, patience);
  let answered = false;
  try {
    const answer = await answerOrReask(kit, call, patience, judge);
    answered = true;
    return answer;
  } finally {
    leave(answered);
  }
}

/** Waits for a place at the engine; learns first how many it has. */
export async function enter(kit: Kit, call: Call, patience: Patience): Promise<Leave> {
  if (kit.config.maxConcurrency === undefined) {
    const { slots } = await kit.detector.facts(patience.signal);
    if (slots !== null) kit.admission.setLimit(slots);
  }
  const { userId: user = '', priority } = call;
  try {
    return await kit.admission.enter({ user, priority }, patience);
  } catch (error) {
    if (isBotllmError(error, 'OVERLOADED')) {
      const { queued } = kit.admission;
      const retryAfterMs = error.retryAfterMs ?? 0;
      kit.telemetry.tell(call, { event: 'llm_queue_shed', priority, queued, retryAfterMs });
    }
    throw error;
  }
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
