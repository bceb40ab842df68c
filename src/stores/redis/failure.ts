import { BotllmError } from '../../errors.js';
import { storeMessages } from '../messages.js';

/** The first word of an error that Redis itself answered with: `OOM`, `WRONGTYPE`, `NOSCRIPT`, …; else ''. */
export function replyCode(error: unknown): string {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return '';
  return /^[A-Z]+(?= |$)/.exec(error.message)?.[0] ?? '';
}

/** For a promise: gives `value` where Redis answered with this error. */
export function onReply<T>(code: string, value: () => T): (error: unknown) => T {
  return (error) => {
    if (replyCode(error) === code) return value();
    throw error;
  };
}

/** Any failure of Redis as the one that callers know, with what Redis said. */
export function unavailable(location: string, cause: unknown): BotllmError {
  const error = scrubbed(cause);
  const detail = error instanceof Error ? describe(error) : undefined;
  return new BotllmError('STORE_UNAVAILABLE', storeMessages.unavailable(location), {
    detail,
    hint: storeMessages.redisHint,
    cause: error,
  });
}

/** ioredis hangs the failed command on the error: answers, user ids and, of a handshake, the password. */
export function scrubbed(error: unknown): unknown {
  if (error instanceof Error && 'command' in error) delete error.command;
  return error;
}

function describe(error: Error): string {
  const { lastNodeError } = error as { lastNodeError?: unknown };
  if (lastNodeError instanceof Error) return describe(lastNodeError);
  // A refusal on every address of a name has no message of its own.
  if (error instanceof AggregateError && error.message === '')
    return String((error.errors as unknown[]).map((one) => (one instanceof Error ? one.message : one)));
  return error.message;
}
