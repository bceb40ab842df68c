import { BotllmError, type ErrorCode, isBotllmError } from '../errors.js';
import type { EngineAnswer } from './answer.js';
import type { Call } from './call.js';
import { type CancelScope, type Ending, openScope, orAbort } from './cancel.js';
import type { Dialect } from './dialects/contract.js';
import { withoutEcho } from './echo.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import { readReply } from './read-reply.js';
import type { EngineRequest } from './requests.js';
import type { Patience } from './single-flight.js';
import type { TransportRequest } from './transport/contract.js';
import { toWire } from './wire.js';

/** Failures that say that the engine is ill; a refusal of one request says that it is well. */
const ILL: ReadonlySet<ErrorCode> = new Set([
  'ENGINE_UNREACHABLE',
  'ENGINE_NOT_READY',
  'ENGINE_ERROR',
  'TIMEOUT',
] satisfies ErrorCode[]);

/** Somebody was there, and went away in the middle. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** One request to the engine: leave from the breaker, its own timeout over head and body, the reply read. */
export async function attempt(
  kit: Kit,
  call: Call,
  request: EngineRequest,
  patience: Patience,
): Promise<EngineAnswer> {
  const { dialect } = await kit.detector.facts(patience.signal);
  return guarded(kit, call, async () => {
    const { timeoutMs } = kit.config;
    const scope = openScope({
      clock: kit.clock,
      parents: [patience.signal],
      timeoutMs,
      expired: () => timedOut(timeoutMs),
    });
    try {
      const transport = await orAbort(kit.transport(), scope);
      const asked = requestOf(call, request, { dialect, streamed: false, scope });
      call.attempts += 1;
      const reply = await orAbort(transport.send(asked), scope);
      return readReply(reply, dialect, kit.clock.now());
    } catch (error) {
      throw asAttemptError(kit, error, scope, request);
    } finally {
      scope.close();
    }
  });
}

/** What one attempt, plain or streamed, gives to the transport. */
export function requestOf(
  call: Call,
  request: EngineRequest,
  { dialect, streamed, scope }: { dialect: Dialect; streamed: boolean; scope: CancelScope },
): TransportRequest {
  const { path, body } = toWire(request, { dialect, model: call.model, streamed });
  return new Asked(call, path, body, scope);
}

/** A class, for V8 takes longer to make an object with a getter of its own than to send it. */
class Asked implements TransportRequest {
  readonly method = 'POST';
  readonly requestId: string;
  readonly traceparent: string | undefined;

  constructor(
    { requestId, traceparent }: Call,
    readonly path: string,
    readonly body: Readonly<Record<string, unknown>>,
    readonly ending: CancelScope,
  ) {
    this.requestId = requestId;
    this.traceparent = traceparent;
  }

  /** Made for who looks at it alone. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }
}

/**
 * Runs an attempt by leave of the breaker and tells the breaker how it went.
 * @throws BotllmError `BREAKER_OPEN` when others found the engine dead meanwhile
 */
export async function guarded<T>(kit: Kit, call: Call, run: () => Promise<T>): Promise<T> {
  const permit = kit.breaker.enter();
  if (!permit) throw breakerOpen(kit.breaker.waitMs());
  const startedAt = kit.clock.monotonic();
  try {
    const value = await run();
    if (permit.succeed()) kit.telemetry.tell(call, { event: 'llm_breaker_closed' });
    return value;
  } catch (error) {
    const code = isBotllmError(error) ? error.code : undefined;
    // An engine that had as long as it mostly takes and said nothing may be dead; a caller without patience says
    // nothing about it.
    const silent =
      code === 'DEADLINE_EXCEEDED' && kit.clock.monotonic() - startedAt >= (kit.admission.averageMs ?? 0);
    if (code !== undefined && (ILL.has(code) || silent)) {
      if (code === 'ENGINE_UNREACHABLE') kit.detector.doubt();
      if (permit.fail()) {
        kit.telemetry.tell(call, { event: 'llm_breaker_open', retryAfterMs: kit.breaker.waitMs() });
      }
    } else if (
      code === undefined ||
      code === 'ABORTED' ||
      code === 'DEADLINE_EXCEEDED' ||
      code === 'CLIENT_CLOSED'
    ) {
      permit.cancel();
    } else if (permit.succeed()) kit.telemetry.tell(call, { event: 'llm_breaker_closed' });
    throw error;
  }
}

/** What a broken connection, a timer or an abort means for the call. */
export function asAttemptError(kit: Kit, error: unknown, signal: Ending, request: EngineRequest): unknown {
  if (signal.aborted) return signal.reason;
  if (isBotllmError(error)) return withoutEcho(error, request);
  const detail = causeCode(error);
  const { root } = kit.config;
  const broke = detail !== undefined && BROKEN_OFF.has(detail);
  return new BotllmError(
    'ENGINE_UNREACHABLE',
    broke ? MESSAGES.brokenConnection(root) : MESSAGES.unreachable(root),
    {
      detail,
      hint: MESSAGES.unreachableHint,
      cause: error,
    },
  );
}

export function timedOut(ms: number): BotllmError {
  return new BotllmError('TIMEOUT', MESSAGES.timeout(ms), { hint: MESSAGES.timeoutHint });
}

export function breakerOpen(waitMs: number): BotllmError {
  const retryAfterMs = Math.ceil(waitMs);
  return new BotllmError('BREAKER_OPEN', MESSAGES.breakerOpen(retryAfterMs), {
    retryAfterMs,
    hint: MESSAGES.breakerHint,
  });
}

/** The system's word for what happened (`ECONNREFUSED`), which lies some causes deep. */
function causeCode(error: unknown): string | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
  }
  return undefined;
}
