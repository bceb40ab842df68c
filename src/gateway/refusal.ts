import { BotllmError, type ErrorCode, isBotllmError } from '../errors.js';
import { wireMessages } from '../openai-http/messages.js';
import { unavailable, WireError } from '../openai-http/wire-error.js';
import { type Ask, json, type Reply } from './exchange.js';
import { MESSAGES } from './messages.js';

/** Told of every failure that nobody foresaw. The client sees only the request id. */
export type OnUnexpected = (error: unknown, requestId: string) => void;

/** What a failed call is in OpenAI's words. */
interface Shape {
  status: number;
  type: string;
  /** OpenAI's own code where it has one. */
  code?: string;
  /** The same request may succeed soon, and was not tried again here. */
  again?: true;
}

const ILL: Shape = { status: 502, type: 'server_error' };
const LATER: Shape = { status: 503, type: 'server_error', again: true };
const WRONG: Shape = { status: 400, type: 'invalid_request_error' };

const SHAPES: Readonly<Partial<Record<ErrorCode, Shape>>> = {
  RATE_LIMIT_EXCEEDED: { status: 429, type: 'rate_limit_exceeded' },
  OVERLOADED: LATER,
  ENGINE_OVERLOADED: LATER,
  ENGINE_NOT_READY: LATER,
  BREAKER_OPEN: LATER,
  CLIENT_CLOSED: LATER,
  DISABLED: { status: 503, type: 'server_error' },
  ENGINE_UNREACHABLE: { status: 503, type: 'server_error' },
  TIMEOUT: { status: 504, type: 'server_error' },
  DEADLINE_EXCEEDED: { status: 504, type: 'server_error' },
  ABORTED: { status: 499, type: 'invalid_request_error' },
  INVALID_REQUEST: WRONG,
  PROMPT_TOO_LONG: WRONG,
  CONTEXT_EXCEEDED: { ...WRONG, code: 'context_length_exceeded' },
  ENGINE_ERROR: ILL,
  UNAUTHORIZED: ILL,
  MODEL_NOT_SERVED: ILL,
  INVALID_RESPONSE: ILL,
  INCOMPLETE_RESPONSE: ILL,
  INVALID_ANSWER: ILL,
};

/** OpenAI's error object. */
export function errorBody(error: BotllmError | WireError): { error: Record<string, unknown> } {
  if (error instanceof WireError) {
    const { param = null, extra } = error.options;
    return { error: { message: error.message, type: error.type, param, code: null, ...extra } };
  }
  const { type, code = error.code.toLowerCase() } = shapeOf(error);
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { error: { message: error.message, type, param: null, code, ...hint } };
}

/**
 * A refusal in OpenAI's shape. `x-should-retry: false` keeps OpenAI's clients from trying again what was tried
 * again here, or what a limit refuses: retries happen in one layer.
 */
export function refusal(error: BotllmError | WireError): Reply {
  const headers: Record<string, string> = {};
  const body = errorBody(error);
  if (error instanceof WireError) {
    const { retryAfterSeconds } = error.options;
    if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
    return json(body, { ...headers, ...error.options.headers }, error.status);
  }
  const { status, again } = shapeOf(error);
  const waitMs = error.retryAfterMs ?? (again ? 1000 : undefined);
  if (waitMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(waitMs / 1000)));
  if (!again) headers['x-should-retry'] = 'false';
  return json(body, headers, status);
}

/** What was thrown, as one of the two families. */
export function asRefused(
  thrown: unknown,
  { requestId, gone }: Pick<Ask, 'requestId' | 'gone'>,
  onUnexpected: OnUnexpected,
): BotllmError | WireError {
  // Whoever went away by himself reads nothing; what is left is who was ended by our own stop.
  if (gone.aborted && isBotllmError(thrown, 'ABORTED')) return stopping();
  if (thrown instanceof WireError) return thrown;
  if (isBotllmError(thrown) && thrown.code !== 'INTERNAL') return thrown;
  onUnexpected(thrown, requestId);
  return new BotllmError('INTERNAL', wireMessages.internal(requestId), { requestId, cause: thrown });
}

/** For whoever comes while the gateway stops, or would be answered too late for it. */
export function stopping(): WireError {
  return unavailable(MESSAGES.stopping, 1);
}

function shapeOf({ code }: BotllmError): Shape {
  return SHAPES[code] ?? { status: 500, type: 'server_error' };
}
