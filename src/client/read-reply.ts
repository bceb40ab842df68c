import { z } from 'zod';
import { BotllmError } from '../errors.js';
import type { FinishReason, Usage } from '../types.js';
import type { EngineAnswer } from './answer.js';
import { asRecord, oneLine, readRefusal, refusalError } from './classify.js';
import type { Dialect } from './dialects/contract.js';
import { MESSAGES } from './messages.js';
import type { TransportReply } from './transport/contract.js';

const rival = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).nullish(),
});
const Logprobs = z.object({
  content: z.array(rival.extend({ top_logprobs: z.array(rival).optional() })),
});
const UsageReply = z.object({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: z.number().int().nonnegative(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

/**
 * The answer in a reply, plain chat or completion alike. A status of 200 promises nothing: pages of a proxy,
 * errors, cut JSON and empty choices come with it, too.
 * @throws BotllmError by the status; `INVALID_RESPONSE` for what is no answer; `INCOMPLETE_RESPONSE` for one that broke off
 */
export function readReply(reply: TransportReply, dialect: Dialect, now: number): EngineAnswer {
  if (reply.status !== 200) throw refusalError(reply, dialect, now);
  const body = asRecord(reply.body);
  if (!body) throw invalid(MESSAGES.notJson);
  if (body.error != null) throw invalid(MESSAGES.errorInside(oneLine(readRefusal(200, body).message)));
  const choice = Array.isArray(body.choices) ? asRecord(body.choices[0]) : undefined;
  if (!choice) throw invalid(MESSAGES.notAnAnswer);
  const finishReason = readFinish(choice.finish_reason, dialect);
  const text = asRecord(choice.message)?.content ?? choice.text;
  // A continuation may well be empty; a chat's answer is empty when the model thought until it ran out of tokens.
  if (typeof text !== 'string' || (text === '' && 'message' in choice)) {
    throw finishReason === 'length' ? new BotllmError('INCOMPLETE_RESPONSE', MESSAGES.cut) : empty();
  }
  const logprobs = Logprobs.safeParse(choice.logprobs);
  const usage = readUsage(body);
  return {
    text,
    finishReason,
    confidence: null,
    ...(usage && { usage }),
    ...(logprobs.success && { tokens: logprobs.data.content }),
  };
}

/**
 * How an answer ended.
 * @throws BotllmError `INCOMPLETE_RESPONSE` when the engine did not say, `INVALID_RESPONSE` for anything but an end or a cut
 */
export function readFinish(value: unknown, dialect: Dialect): FinishReason {
  if (value === 'stop' || value === 'length') return value;
  if (value === null || value === undefined) {
    throw new BotllmError('INCOMPLETE_RESPONSE', MESSAGES.unfinished);
  }
  const mapped = Object.hasOwn(dialect.finishReasons, String(value)) && dialect.finishReasons[String(value)];
  if (mapped) return mapped;
  throw invalid(MESSAGES.odd(oneLine(String(value))));
}

/** Tokens as the engine counted them; undefined when it did not. */
export function readUsage(body: Record<string, unknown>): Usage | undefined {
  // Of a stream's events all but the last have none, and what zod says to that costs as much as the event itself.
  if (body.usage == null) return undefined;
  const usage = UsageReply.safeParse(body.usage);
  if (!usage.success) return undefined;
  const cached = usage.data.prompt_tokens_details?.cached_tokens ?? asRecord(body.timings)?.cache_n;
  return {
    inputTokens: usage.data.prompt_tokens,
    outputTokens: usage.data.completion_tokens,
    ...(typeof cached === 'number' && { cachedTokens: cached }),
  };
}

/** Whoever says how its answer ended speaks our language: it is the model that said nothing. */
export function empty(): BotllmError {
  return new BotllmError('INVALID_RESPONSE', MESSAGES.emptyAnswer, { hint: MESSAGES.emptyHint });
}

export function invalid(message: string): BotllmError {
  return new BotllmError('INVALID_RESPONSE', message, { hint: MESSAGES.baseUrlHint });
}
