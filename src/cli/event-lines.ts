import type { EventSink } from '../observability/events.js';
import { jsonLine } from '../observability/json-line.js';
import type { Stream } from './stream.js';

/** Prints events as JSON lines, those of one turn in one write: a write costs more than the line itself. */
export function eventLines(stdout: Stream): { sink: EventSink; flush: () => void } {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const text = lines.join('');
    lines = [];
    stdout.write(text);
  };
  return {
    sink(event) {
      if (lines.push(jsonLine(event)) === 1) setImmediate(flush);
    },
    flush,
  };
}
