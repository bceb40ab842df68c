import { z } from 'zod';

/** What the synthetic engine does with every request. Times are milliseconds. */
export const Script = z.object({
  /** From the whole request to the first content token. */
  ttftMs: z.number().positive(),
  /** From token to token. */
  itlMs: z.number().nonnegative(),
  tokens: z.number().int().min(1),
  /** So many tokens come in one event, at the moment of the last of them. */
  tokensPerEvent: z.number().int().min(1).default(1),
  /** Requests that are served at once; others wait in the order in which they came. Absent: all of them. */
  slots: z.number().int().min(1).optional(),
});
export type Script = z.infer<typeof Script>;

/** What the synthetic engine really did, in milliseconds of the machine's clock. */
export interface ServedRecord {
  requestId: string;
  /** The whole request was there. */
  receivedAt: number;
  /** When the first token was due: `receivedAt + ttft`, later where it waited for a slot. */
  firstDueAt: number;
  /** When the first and the last token were handed to the socket. */
  firstSentAt: number;
  lastSentAt: number;
}

/** Moments of the content events after the request's start. */
export function eventOffsets({
  ttftMs,
  itlMs,
  tokens,
  tokensPerEvent,
}: Script): { atMs: number; tokens: number }[] {
  const events: { atMs: number; tokens: number }[] = [];
  for (let sent = 0; sent < tokens; ) {
    const count = Math.min(tokensPerEvent, tokens - sent);
    // Port B of the tools' comparison: the first four tokens at the first moment, the next four 4 × ITL later.
    events.push({ atMs: ttftMs + sent * itlMs, tokens: count });
    sent += count;
  }
  return events;
}
