import type { EventSink, LlmEvent } from '../observability/events.js';
import { jsonLine } from '../observability/json-line.js';
import type { Stream } from './stream.js';

/** So long at most a line is kept back. */
const FLUSH_MS = 5;

/**
 * Prints events as JSON lines, those of a few milliseconds in one write: it costs more than the lines, and no answer
 * waits for it.
 */
export function eventLines(stdout: Stream): { sink: EventSink; flush: () => void } {
  let events: LlmEvent[] = [];
  const flush = () => {
    if (events.length === 0) return;
    const text = events.map(jsonLine).join('');
    events = [];
    stdout.write(text);
  };
  return {
    sink(event) {
      if (events.push(event) === 1) setTimeout(flush, FLUSH_MS);
    },
    flush,
  };
}
