import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, type LoadWatch, type Send, type Told, toldOf } from './sent.js';
import type { Ticket, TicketOffice } from './ticket.js';

/** A server that refuses at once is not asked again at once. */
const PAUSE_AFTER_FAILURE_MS = 50;

/**
 * Keeps `concurrency` requests on their way until every measured one is over. There is no barrier anywhere: a
 * slot takes its next ticket the moment its request ended.
 */
export async function closedLoop(
  send: Send,
  office: TicketOffice,
  concurrency: number,
  { onAnswered, signal, now }: LoadWatch,
): Promise<Told[]> {
  const all: [Ticket, Answered][] = [];
  const over = new AbortController();
  // One listener a request on its way: many, and no leak.
  setMaxListeners(0, over.signal);
  const end = () => over.abort();
  signal.addEventListener('abort', end, { once: true });
  const slot = async () => {
    while (!over.signal.aborted && !signal.aborted) {
      const ticket = office.next();
      const answered = await send(ticket, now(), over.signal);
      all.push([ticket, answered]);
      const isOver = office.completed(ticket);
      onAnswered?.(ticket);
      if (isOver) end();
      else if (answered.failed) {
        await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal: over.signal }).catch(() => undefined);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, slot));
  signal.removeEventListener('abort', end);
  return all.map(([ticket, answered]) => toldOf(ticket, answered));
}
