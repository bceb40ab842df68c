import { type FileHandle, open } from 'node:fs/promises';
import { eventLogFiles } from './event-log.js';
import { LlmEvent, type LlmEventName } from './events.js';

export interface ReadEventsOptions {
  /** Only these; all when absent. */
  names?: readonly LlmEventName[];
  /** At most so many, the newest. */
  limit?: number;
  /** How many files the log has, as for `openEventLog` (3). */
  files?: number;
}

export interface ReadEvents {
  /** Oldest first. */
  events: LlmEvent[];
  /** Lines that are no event of this version: cut by a full disk, written by another version, damaged. */
  broken: number;
}

/** Reads the log that `openEventLog` writes, rotated files included. A log that is not there is empty. */
export async function readEvents(file: string, options: ReadEventsOptions = {}): Promise<ReadEvents> {
  const { names, limit = Number.POSITIVE_INFINITY, files = 3 } = options;
  const found: ReadEvents = { events: [], broken: 0 };
  for (const path of eventLogFiles(file, files)) {
    for await (const line of lines(path)) {
      if (line === '') continue;
      const event = parse(line);
      if (!event) found.broken += 1;
      else if (!names || names.includes(event.event)) found.events.push(event);
      // In steps, so that a small limit on a large log costs neither memory nor a shift a line.
      if (found.events.length > 2 * limit + 1_000) found.events = newest(found.events, limit);
    }
  }
  found.events = newest(found.events, limit);
  return found;
}

function newest(events: LlmEvent[], limit: number): LlmEvent[] {
  return limit <= 0 ? [] : events.slice(-limit);
}

async function* lines(path: string): AsyncGenerator<string> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  try {
    yield* handle.readLines();
  } finally {
    await handle.close();
  }
}

function parse(line: string): LlmEvent | null {
  try {
    return LlmEvent.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
