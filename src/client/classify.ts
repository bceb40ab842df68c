import { BotllmError, type ErrorCode } from '../errors.js';
import type { Dialect, EngineRefusal } from './dialects/contract.js';
import { MESSAGES } from './messages.js';
import type { TransportReply } from './transport/contract.js';

/** What an engine says about itself ends up in errors and logs, so it is kept short and on one line. */
const MAX_DETAIL = 300;

/** The one form that RFC 9110 lets a sender use. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The error for an answer whose status is not 200. */
export function refusalError(reply: TransportReply, dialect: Dialect, now: number): BotllmError {
  const refusal = readRefusal(reply.status, reply.body);
  const code = dialect.classify?.(refusal) ?? byStatus(refusal);
  return new BotllmError(code, MESSAGES.refused(reply.status, oneLine(refusal.message)), {
    status: reply.status,
    retryAfterMs: retryAfterMs(reply, now),
    hint: hintFor(code),
  });
}

/** `error` may be an object or a text, beside `error_type` or alone, or the body may be no JSON at all. */
export function readRefusal(status: number, body: unknown): EngineRefusal {
  const outer = asRecord(body);
  const error = outer?.error ?? outer;
  const inner = asRecord(error);
  return {
    status,
    type: text(inner?.type) || text(outer?.error_type),
    code: text(inner?.code),
    message: text(inner?.message) || text(error) || (outer ? '' : text(body)),
  };
}

function byStatus({ status, type, message }: EngineRefusal): ErrorCode {
  if (status === 401 || status === 403) return 'UNAUTHORIZED';
  if (status === 404) return /model/i.test(`${type} ${message}`) ? 'MODEL_NOT_SERVED' : 'INVALID_REQUEST';
  if (status === 408) return 'TIMEOUT';
  if (status === 413) return 'PROMPT_TOO_LONG';
  if (status === 429) return 'ENGINE_OVERLOADED';
  if (status === 503) return /loading/i.test(message) ? 'ENGINE_NOT_READY' : 'ENGINE_OVERLOADED';
  // 424: how TGI says that its own backend failed.
  if (status >= 500 || status === 424) return 'ENGINE_ERROR';
  return status >= 400 ? 'INVALID_REQUEST' : 'INVALID_RESPONSE';
}

function hintFor(code: ErrorCode): string | undefined {
  if (code === 'UNAUTHORIZED') return MESSAGES.keyHint;
  if (code === 'MODEL_NOT_SERVED') return MESSAGES.modelHint;
  if (code === 'INVALID_RESPONSE') return MESSAGES.baseUrlHint;
  return undefined;
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date; what is neither is not there. */
function retryAfterMs(reply: TransportReply, now: number): number | undefined {
  const ms = number(reply.header('retry-after-ms'));
  if (ms !== undefined) return ms;
  const after = reply.header('retry-after');
  const seconds = number(after);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse alone takes nearly everything for a date, "-5" and "try 5" too.
  const date = after !== null && HTTP_DATE.test(after) ? Date.parse(after) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function number(value: string | null): number | undefined {
  return value !== null && /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}

export function oneLine(value: string): string {
  return value
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
}

export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
