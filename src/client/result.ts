import { BotllmError, isBotllmError } from '../errors.js';
import type { CompletionResult } from '../types.js';
import type { Call } from './call.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import type { Outcome } from './pipeline.js';

export function resultOf<T>(kit: Kit, call: Call, outcome: Outcome<T>): CompletionResult<T> {
  const { content, data, source, finishReason, usage, confidence } = outcome;
  return {
    content,
    data,
    model: call.model,
    ...(usage && { usage }),
    finishReason,
    ...(confidence !== null && { confidenceMethod: 'label-logprobs' as const }),
    cached: source === 'cache',
    source,
    latencyMs: kit.clock.monotonic() - call.startedAt,
    attempts: call.attempts,
    requestId: call.requestId,
  };
}

export function fallbackResult<T>(kit: Kit, call: Call, data: T, error: BotllmError): CompletionResult<T> {
  return {
    content: JSON.stringify(data),
    data,
    model: call.model,
    finishReason: null,
    cached: false,
    source: 'fallback',
    error,
    latencyMs: kit.clock.monotonic() - call.startedAt,
    attempts: call.attempts,
    requestId: call.requestId,
  };
}

/** The error that a call ends with: always ours, always with the call's id. */
export function asCallError(cause: unknown, { requestId }: Call): BotllmError {
  if (!isBotllmError(cause)) return new BotllmError('INTERNAL', MESSAGES.internal, { requestId, cause });
  if (cause.requestId === requestId) return cause;
  // A flight's failure is shared: each caller gets one that carries his own id.
  const { code, message, detail, hint, retryAfterMs, status } = cause;
  return new BotllmError(code, message, {
    detail,
    hint,
    retryAfterMs,
    status,
    requestId,
    cause: cause.cause,
  });
}
