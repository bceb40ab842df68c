import type { RequestTrace } from '../trace/request-trace.js';
import type { Ticket } from './ticket.js';

/** A request that is over. */
export interface Answered {
  /** It plainly failed: refused, timed out, another status than 200. */
  failed: boolean;
  /** What became of it; understanding an answer takes time that other streams would notice while a load runs. */
  trace: () => RequestTrace;
  /** What the model wrote, for its tokens to be counted; kept nowhere. */
  text?: (() => string) | undefined;
}

/**
 * A request of a load, with what became of it.
 * @property visit which stay at the level it was, where levels take turns; absent: the only one
 */
export type Sent = Ticket & { trace: RequestTrace; visit?: number | undefined };

/** The same, with the text of an answer whose tokens nobody counted yet. */
export type Told = Sent & { text?: string };

/** Understands an answer, once the load is over. */
export function toldOf(ticket: Ticket, answered: Answered): Told {
  const trace = answered.trace();
  const { usage, tokenIds, failure, stopped, contentAt } = trace;
  const isCounted = usage !== undefined || tokenIds !== undefined;
  const hasText = failure === undefined && !stopped && contentAt.length > 0;
  const text = isCounted || !hasText ? undefined : answered.text?.();
  return { ...ticket, trace, ...(text !== undefined && { text }) };
}

/**
 * Sends one request; never rejects.
 * @param signal the run is over: what is still on its way is let go
 */
export type Send = (ticket: Ticket, scheduledAt: number, signal: AbortSignal) => Promise<Answered>;

/** What happens while a load runs. */
export interface LoadWatch {
  onAnswered?: ((ticket: Ticket) => void) | undefined;
  /** Ends the load before its time. */
  signal: AbortSignal;
  now: () => number;
}
