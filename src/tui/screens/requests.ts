import { say } from '../../language.js';
import { type Call, callsOf } from '../calls.js';
import { columns, type Look, plain, time } from '../look.js';
import { tuiMessages } from '../messages.js';
import type { TopModel } from '../model.js';

/** A call as a row of cells. */
export function callRow({ time: at, task, model, source, latencyMs, outputTokens, error }: Call): string[] {
  return [
    at.slice(11, 19),
    plain(task),
    plain(model),
    source,
    latencyMs === undefined ? '' : time(latencyMs),
    outputTokens === undefined ? '' : `${outputTokens} ${say('tok')}`,
    error ?? '',
  ];
}

const HEAD = ['time', 'task', 'model', 'source', 'took', 'answer', 'error'];

/** Newest first; the first line names the columns. */
export function requests({ events }: TopModel, look: Look): string[] {
  const calls = callsOf(events);
  if (calls.length === 0) return [tuiMessages.noCalls];
  return columns([HEAD.map(say), ...calls.map(callRow)]).map((line, i) =>
    i === 0 ? look.paint('bold', line) : line,
  );
}

/** All that is known of one call: its events, as the log has them. */
export function request({ events }: TopModel, index: number): string[] {
  const call = callsOf(events)[index];
  return (call?.events ?? []).flatMap((event) => [
    `${event.time}  ${event.event}`,
    ...Object.entries(event)
      .filter(([name]) => name !== 'event' && name !== 'time')
      .map(([name, value]) => `    ${name.padEnd(14)} ${plain(String(value))}`),
  ]);
}
