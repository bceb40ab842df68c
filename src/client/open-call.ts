import { randomUUID } from 'node:crypto';
import { BotllmError, isBotllmError } from '../errors.js';
import type { Call } from './call.js';
import { openScope } from './cancel.js';
import { MESSAGES } from './messages.js';
import { atLeast } from './options.js';
import type { EngineRequest } from './requests.js';
import type { ClientParts } from './wire-client.js';

/** What may differ from call to call. */
export interface CallOptions {
  /** Whose quota the call uses. Without it the call is not limited per user. */
  userId?: string | undefined;
  /** Calls the call off: it rejects at once with `ABORTED`, and the request to the engine is closed. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, instead of the client's. */
  deadlineMs?: number | undefined;
  /** False: takes nothing from the user's quota. */
  limit?: boolean | undefined;
  /** False: neither taken from the cache nor put there, and never shared with an equal call. */
  cache?: boolean | undefined;
  /** Goes out as `X-Request-Id` and comes back in result, events and errors. Default: a new UUID. */
  requestId?: string | undefined;
}

/** What goes into a header must be able to stand in one. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** A call with its deadline running; `end` takes its timers and listeners down. */
export interface OpenCall {
  call: Call;
  end(): void;
}

/** @throws BotllmError `INVALID_REQUEST` for a request id or a deadline that cannot be used */
export function openCall(
  { kit, closing }: ClientParts,
  request: EngineRequest,
  shape: Pick<Call, 'type' | 'task' | 'promptVersion'>,
  given: CallOptions,
): OpenCall {
  const { clock, config } = kit;
  const deadlineMs = atLeast('deadlineMs', given.deadlineMs ?? config.deadlineMs, 1);
  const startedAt = clock.monotonic();
  const requestId = given.requestId ?? randomUUID();
  if (!REQUEST_ID.test(requestId)) throw new BotllmError('INVALID_REQUEST', MESSAGES.badRequestId);
  const scope = openScope({
    clock,
    parents: [closing.signal, given.signal],
    timeoutMs: deadlineMs,
    expired: () =>
      new BotllmError('DEADLINE_EXCEEDED', MESSAGES.deadline(deadlineMs), { hint: MESSAGES.deadlineHint }),
    aborted: (reason) =>
      isBotllmError(reason, 'CLIENT_CLOSED')
        ? reason
        : new BotllmError('ABORTED', MESSAGES.aborted, { cause: reason }),
  });
  const call: Call = {
    ...shape,
    requestId,
    request,
    userId: given.userId,
    limited: given.limit !== false,
    cacheable: given.cache !== false && config.cacheTtlMs > 0,
    startedAt,
    deadlineMs,
    patience: {
      signal: scope.signal,
      remainingMs: () => Math.max(0, startedAt + deadlineMs - clock.monotonic()),
    },
    model: config.model ?? 'default',
    attempts: 0,
  };
  return { call, end: scope.close };
}
