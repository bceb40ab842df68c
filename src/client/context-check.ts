import { BotllmError } from '../errors.js';
import type { Call } from './call.js';
import { openScope, orAbort } from './cancel.js';
import type { CountTokens } from './dialects/contract.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import type { EngineRequest } from './requests.js';
import type { Patience } from './single-flight.js';
import type { TransportReply } from './transport/contract.js';
import { toWire } from './wire.js';

/** Marks of the chat template around one message, and before the answer; more than any template we know. */
const TOKENS_A_MESSAGE = 16;
/** Counting takes a millisecond or two; an engine that is slower says by itself when a prompt does not fit. */
const COUNT_TIMEOUT_MS = 1000;

/**
 * Refuses a prompt that leaves no room for its answer before the engine works on it, where the family can count
 * tokens (llama.cpp: it would answer until its context is full, and cut). The room asked for is the longest
 * answer, but no more than a quarter of the context: what a schema allows is far longer than what is said.
 * Nothing is asked where the prompt's bytes already say that it fits, since no token is shorter than a byte. An
 * engine that cannot be asked is no reason to refuse.
 * @throws BotllmError `CONTEXT_EXCEEDED`
 */
export async function checkContext(kit: Kit, call: Call, patience: Patience): Promise<void> {
  const { dialect, contextTokens } = await kit.detector.facts(patience.signal);
  if (contextTokens === null || !dialect.count) return;
  const answer = Math.min(call.request.maxTokens, Math.floor(contextTokens / 4));
  if (mostTokens(call.request) + answer <= contextTokens) return;
  const { body } = toWire(call.request, { dialect, model: call.model, streamed: false });
  const tokens = await ask(
    kit,
    call,
    patience,
    (send) => dialect.count?.(body, send) ?? Promise.resolve(null),
  );
  if (tokens === null || tokens + answer <= contextTokens) return;
  throw new BotllmError('CONTEXT_EXCEEDED', MESSAGES.contextExceeded(tokens, answer, contextTokens), {
    hint: MESSAGES.contextHint,
  });
}

function mostTokens({ messages, prompt }: EngineRequest): number {
  let bytes = Buffer.byteLength(prompt ?? '') + TOKENS_A_MESSAGE;
  for (const { content } of messages) bytes += Buffer.byteLength(content) + TOKENS_A_MESSAGE;
  return bytes;
}

async function ask(
  kit: Kit,
  { requestId }: Call,
  patience: Patience,
  count: (send: Parameters<CountTokens>[1]) => Promise<number | null>,
): Promise<number | null> {
  const scope = openScope({ clock: kit.clock, parents: [patience.signal], timeoutMs: COUNT_TIMEOUT_MS });
  const send = async (path: string, body: Readonly<Record<string, unknown>>): Promise<TransportReply> =>
    (await kit.transport()).send({ method: 'POST', path, body, requestId, signal: scope.signal });
  try {
    return await orAbort(count(send), scope);
  } catch {
    patience.signal.throwIfAborted();
    return null;
  } finally {
    scope.close();
  }
}
