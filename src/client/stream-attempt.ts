import { BotllmError } from '../errors.js';
import type { FinishReason, Usage } from '../types.js';
import { asAttemptError, guarded, requestOf, timedOut } from './attempt.js';
import type { Call } from './call.js';
import { type CancelScope, openScope, orAbort } from './cancel.js';
import { asRecord, refusalError } from './classify.js';
import type { Dialect } from './dialects/contract.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import { empty, invalid, readFinish, readReply, readUsage } from './read-reply.js';
import type { EngineRequest } from './requests.js';

/** What may still come when the answer is whole: the usage. Nobody waits long for that. */
const AFTER_FINISH_MS = 1000;

/** A streamed answer whose first content has come. */
export interface RunningStream {
  /** The next piece of content, or null at the end. @throws BotllmError */
  next(): Promise<string | null>;
  /** Known at the end. */
  finishReason(): FinishReason;
  usage(): Usage | undefined;
  /** Closes the socket, too, when the stream is left early. */
  close(): void;
}

/** One attempt at a stream, up to its first content; after that nothing is tried again. */
export async function startStream(
  kit: Kit,
  call: Call,
): Promise<{ stream: RunningStream; first: string | null }> {
  const { timeoutMs } = kit.config;
  const { dialect } = await kit.detector.facts(call.patience.signal);
  return guarded(kit, call, async () => {
    const patience = { limit: timeoutMs };
    const scope = openScope({
      clock: kit.clock,
      parents: [call.patience.signal],
      timeoutMs,
      expired: () =>
        patience.limit === timeoutMs
          ? timedOut(timeoutMs)
          : new BotllmError('TIMEOUT', MESSAGES.idle(patience.limit), { hint: MESSAGES.timeoutHint }),
    });
    try {
      const events = await request(kit, call, dialect, scope);
      const stream = readStream(kit, events, dialect, scope, call.request);
      const first = await stream.next();
      patience.limit = kit.config.streamIdleMs;
      return { stream, first };
    } catch (error) {
      const reason = asAttemptError(kit, error, scope, call.request);
      scope.cancel(undefined);
      throw reason;
    }
  });
}

async function request(
  kit: Kit,
  call: Call,
  dialect: Dialect,
  scope: CancelScope,
): Promise<AsyncIterator<unknown>> {
  const transport = await orAbort(kit.transport(), scope);
  const asked = requestOf(call, call.request, { dialect, streamed: true, scope });
  call.attempts += 1;
  const reply = await orAbort(transport.stream(asked), scope);
  if (Symbol.asyncIterator in reply) return reply[Symbol.asyncIterator]();
  readReply(reply, dialect, kit.clock.now());
  throw invalid(MESSAGES.notAnAnswer);
}

function readStream(
  kit: Kit,
  events: AsyncIterator<unknown>,
  dialect: Dialect,
  scope: CancelScope,
  asked: EngineRequest,
): RunningStream {
  let started = false;
  let anything = false;
  let said = false;
  let finish: FinishReason | null = null;
  let usage: Usage | undefined;

  /** Content of one event; what else it tells is noted. */
  const take = (value: unknown): string => {
    const event = asRecord(value);
    if (!event) throw invalid(MESSAGES.notJson);
    anything = true;
    if (event.error != null) throw streamError(event.error, dialect, kit.clock.now());
    usage = readUsage(event) ?? usage;
    const choice = Array.isArray(event.choices) ? asRecord(event.choices[0]) : undefined;
    if (choice?.finish_reason != null) finish = readFinish(choice.finish_reason, dialect);
    // A chat's piece is a delta; a continued text's stands in the choice itself.
    const content = choice?.delta === undefined ? choice?.text : asRecord(choice.delta)?.content;
    return typeof content === 'string' ? content : '';
  };

  const nextContent = async (): Promise<string | null> => {
    for (;;) {
      // The SDK ends a stream that was aborted as if it were whole; our signal is heard before that.
      const { done, value } = await orAbort(events.next(), scope);
      if (done) return null;
      const content = take(value);
      if (content !== '') return content;
      if (finish !== null) scope.restart(AFTER_FINISH_MS);
    }
  };

  /** Why a stream that ended is no answer. */
  const unsaid = (): BotllmError => {
    if (finish === 'length') return new BotllmError('INCOMPLETE_RESPONSE', MESSAGES.cut);
    if (finish !== null) return empty();
    return anything
      ? new BotllmError('INCOMPLETE_RESPONSE', MESSAGES.unfinished)
      : invalid(MESSAGES.notAnAnswer);
  };

  return {
    async next() {
      // The timer runs on content only, and only while we wait: pings do not restart it, a slow reader does not use it up.
      if (started) scope.restart(finish === null ? kit.config.streamIdleMs : AFTER_FINISH_MS);
      started = true;
      let content: string | null = null;
      try {
        content = await nextContent();
      } catch (error) {
        // The answer was whole already; only its usage is lost.
        if (finish === null) throw asAttemptError(kit, error, scope, asked);
      }
      scope.pause();
      if (content !== null) said = true;
      else if (!said || finish === null) throw unsaid();
      return content;
    },
    finishReason: () => finish ?? 'length',
    usage: () => usage,
    close: () => scope.cancel(undefined),
  };
}

function streamError(error: unknown, dialect: Dialect, now: number): BotllmError {
  const inner = asRecord(error);
  const status = inner?.http_status_code ?? inner?.code;
  const known = typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
  return refusalError({ status: known, header: () => null, body: { error } }, dialect, now);
}
