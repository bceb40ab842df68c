import { randomUUID } from 'node:crypto';
import { BotllmError, isBotllmError } from '../errors.js';
import type { Priority } from '../types.js';
import type { Call } from './call.js';
import { type CancelScope, openScope } from './cancel.js';
import { MESSAGES } from './messages.js';
import { atLeast } from './options.js';
import { priorityOf } from './priority.js';
import type { QuotaState } from './quota.js';
import type { EngineRequest } from './requests.js';
import { normalUserId } from './user-id.js';
import type { ClientParts } from './wire-client.js';

/** What may differ from call to call. */
export interface CallOptions {
  /**
   * Whose quota the call uses, at most 256 characters. Blanks around it do not count, letters are compared in
   * their composed form (NFC). Without it, or when it is empty, the call is not limited per user.
   */
  userId?: string | undefined;
  /** Calls the call off: it rejects at once with `ABORTED`, and the request to the engine is closed. */
  signal?: AbortSignal | CancelScope | undefined;
  /** Milliseconds for the whole call, instead of the client's. */
  deadlineMs?: number | undefined;
  /** False: takes nothing from the user's quota. */
  limit?: boolean | undefined;
  /** False: neither taken from the cache nor put there, and never shared with an equal call. */
  cache?: boolean | undefined;
  /**
   * Who goes first while calls wait for the engine: `interactive` (the default), `improve` (that task's default)
   * or `batch`, for work that nobody waits for: it may wait as long as its deadline allows.
   */
  priority?: Priority | undefined;
  /**
   * The bot or tenant of this call, instead of the client's: answers and quotas of different scopes never meet.
   * At most 128 characters.
   */
  scope?: string | undefined;
  /** W3C trace context of the caller: sent on to the engine as it is. */
  traceparent?: string | undefined;
  /** Told what is left of the user's quota when the limiter has decided; never for a hit, which costs nothing. */
  onQuota?: ((state: QuotaState) => void) | undefined;
  /** Goes out as `X-Request-Id` and comes back in result, events and errors. Default: a new UUID. */
  requestId?: string | undefined;
}

/** What goes into a header must be able to stand in one. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
export const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,256})?$/;
const MAX_SCOPE_CHARS = 128;

/** A call with its deadline running; `end` takes its timers and listeners down. */
export interface OpenCall {
  call: Call;
  end(): void;
}

/** @throws BotllmError `INVALID_REQUEST` for an id, a scope, a priority or a deadline that cannot be used */
export function openCall(
  { kit, lifetime }: ClientParts,
  request: EngineRequest,
  shape: Pick<Call, 'type' | 'task' | 'promptVersion'>,
  given: CallOptions,
): OpenCall {
  const { clock, config } = kit;
  const deadlineMs = atLeast('deadlineMs', given.deadlineMs ?? config.deadlineMs, 1);
  const startedAt = clock.monotonic();
  const requestId = given.requestId ?? randomUUID();
  if (!REQUEST_ID.test(requestId)) throw new BotllmError('INVALID_REQUEST', MESSAGES.badRequestId);
  const { scope: bot = config.scope, traceparent } = given;
  if (typeof bot !== 'string' || bot === '' || bot.length > MAX_SCOPE_CHARS) {
    throw new BotllmError('INVALID_REQUEST', MESSAGES.badScope(MAX_SCOPE_CHARS));
  }
  if (traceparent !== undefined && !TRACEPARENT.test(traceparent)) {
    throw new BotllmError('INVALID_REQUEST', MESSAGES.badTraceparent);
  }
  const userId = normalUserId(given.userId);
  const priority = priorityOf(shape.task, given.priority);
  const over = lifetime.begin();
  const scope = openScope({
    clock,
    parents: [lifetime.signal(), given.signal],
    timeoutMs: deadlineMs,
    expired: () =>
      new BotllmError('DEADLINE_EXCEEDED', MESSAGES.deadline(deadlineMs), { hint: MESSAGES.deadlineHint }),
    aborted: (reason) =>
      isBotllmError(reason, 'CLIENT_CLOSED')
        ? reason
        : new BotllmError('ABORTED', MESSAGES.aborted, { cause: reason }),
  });
  const call: Call = {
    requestId,
    request,
    scope: bot,
    traceparent,
    onQuota: given.onQuota,
    userId,
    priority,
    limited: given.limit !== false,
    cacheable: given.cache !== false && config.cacheTtlMs > 0,
    startedAt,
    deadlineMs,
    patience: {
      signal: scope,
      remainingMs: () => Math.max(0, startedAt + deadlineMs - clock.monotonic()),
    },
    model: config.model ?? 'default',
    attempts: 0,
    type: shape.type,
    task: shape.task,
    promptVersion: shape.promptVersion,
  };
  const end = () => {
    scope.close();
    over();
  };
  return { call, end };
}
