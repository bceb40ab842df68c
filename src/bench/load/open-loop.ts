import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, type LoadWatch, type Send, type Told, toldOf } from './sent.js';
import type { Ticket, TicketOffice } from './ticket.js';

export interface OpenLoopResult {
  sent: Told[];
  /** More were on their way than could ever be caught up with; nothing was sent from then on. */
  backlog: boolean;
}

/**
 * Sends each request at its own moment, whatever became of those before it: a slow engine meets the same users as
 * a fast one. Goes on sending until every measured request is over, or the moments are.
 * @param arrivals milliseconds after the start, ascending
 */
export async function openLoop(
  send: Send,
  office: TicketOffice,
  arrivals: Iterable<number>,
  maxInFlight: number,
  { onAnswered, signal, now }: LoadWatch,
): Promise<OpenLoopResult> {
  const all: [Ticket, Answered][] = [];
  const over = new AbortController();
  // One listener a request on its way: many, and no leak.
  setMaxListeners(0, over.signal);
  const end = () => over.abort();
  signal.addEventListener('abort', end, { once: true });
  const onTheirWay = new Set<Promise<void>>();
  const startedAt = now();
  let backlog = false;

  const launch = (dueAt: number) => {
    const ticket = office.next();
    const one = send(ticket, dueAt, over.signal).then((answered) => {
      all.push([ticket, answered]);
      onTheirWay.delete(one);
      const isOver = office.completed(ticket);
      onAnswered?.(ticket);
      if (isOver) end();
    });
    onTheirWay.add(one);
  };

  for (const offset of arrivals) {
    const dueAt = startedAt + offset;
    const waitMs = dueAt - now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: over.signal }).catch(() => undefined);
    if (over.signal.aborted) break;
    if (onTheirWay.size >= maxInFlight) {
      backlog = true;
      break;
    }
    launch(dueAt);
  }
  await Promise.all(onTheirWay);
  signal.removeEventListener('abort', end);
  return { sent: all.map(([ticket, answered]) => toldOf(ticket, answered)), backlog };
}
