/**
 * How a call can fail: what the guards and the transport can say. The lower-case form of a code is the
 * `error_type` label of `llm_errors_total`, where any other error of a call is `internal`.
 */
export const CALL_ERROR_CODES = [
  'DISABLED',
  'TIMEOUT',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'RATE_LIMIT_EXCEEDED',
  'OVERLOADED',
  'BREAKER_OPEN',
  'PROMPT_TOO_LONG',
  'CONTEXT_EXCEEDED',
  'ENGINE_UNREACHABLE',
  'ENGINE_NOT_READY',
  'ENGINE_OVERLOADED',
  'ENGINE_ERROR',
  'INVALID_REQUEST',
  'UNAUTHORIZED',
  'MODEL_NOT_SERVED',
  'INVALID_RESPONSE',
  'INCOMPLETE_RESPONSE',
  'INVALID_ANSWER',
  'CLIENT_CLOSED',
  'STORE_UNAVAILABLE',
  'INTERNAL',
] as const;

/** Every failure that botllm reports, by its stable code. */
export const ERROR_CODES = [
  ...CALL_ERROR_CODES,
  // An operation: what the commands can say.
  'USAGE',
  'UNKNOWN_MODEL',
  'ENGINE_NOT_RUNNING',
  'NOT_READY',
  'PORT_TAKEN',
  'NOT_ENOUGH_MEMORY',
  'NOT_ENOUGH_DISK',
  'MODEL_UNAVAILABLE',
  'MODEL_BROKEN',
  'HASH_MISMATCH',
  'MISSING_PREREQUISITE',
  'BAD_CONFIG',
  'ENGINE_FAILED',
  'INTERRUPTED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface BotllmErrorOptions {
  /** One fact that says why. Never prompt text, never a secret. */
  detail?: string | undefined;
  /** The next command or setting to try. */
  hint?: string | undefined;
  /** Milliseconds after which the same call may succeed (limits, overload, breaker). */
  retryAfterMs?: number | undefined;
  /** HTTP status that the engine answered with, when it answered. */
  status?: number | undefined;
  /** Id of the request that failed, as in the events and in `X-Request-Id`. */
  requestId?: string | undefined;
  cause?: unknown;
}

/** The one error class of botllm: `code` is stable, `message` is for people and may change. */
export class BotllmError extends Error {
  override readonly name = 'BotllmError';
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly hint?: string;
  readonly retryAfterMs?: number;
  readonly status?: number;
  requestId?: string;

  constructor(code: ErrorCode, message: string, options: BotllmErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.detail !== undefined) this.detail = options.detail;
    if (options.hint !== undefined) this.hint = options.hint;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.status !== undefined) this.status = options.status;
    if (options.requestId !== undefined) this.requestId = options.requestId;
  }

  /** What JSON output and events carry: no stack, no cause. */
  toJSON(): Record<string, unknown> {
    const { code, message, detail, hint, retryAfterMs, status, requestId } = this;
    return { code, message, detail, hint, retryAfterMs, status, requestId };
  }
}

/**
 * True for an error of botllm, also one that another copy of the package made.
 * @param code when given, true only for that code
 */
export function isBotllmError(value: unknown, code?: ErrorCode): value is BotllmError {
  return (
    value instanceof Error &&
    value.name === 'BotllmError' &&
    'code' in value &&
    (code === undefined || value.code === code)
  );
}
