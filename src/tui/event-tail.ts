import { open, stat } from 'node:fs/promises';
import { LlmEvent } from '../observability/events.js';

/** Read at the beginning: some hundreds of calls. */
const FIRST_BYTES = 256 * 1024;
const MOST_EVENTS = 1_000;

/** The newest events of a log that others write to; every look reads only what came since. */
export class EventTail {
  /** Another array whenever something came. */
  events: readonly LlmEvent[] = [];
  private file: { ino: number; position: number } | undefined;
  private rest = '';

  constructor(private readonly path: string) {}

  async look(): Promise<void> {
    const found = await stat(this.path).catch(() => undefined);
    if (!found) return;
    // Put aside and begun anew, or cut.
    if (this.file && (this.file.ino !== found.ino || found.size < this.file.position)) {
      this.file = { ino: found.ino, position: 0 };
      this.rest = '';
    }
    const from = this.file?.position ?? Math.max(0, found.size - FIRST_BYTES);
    const isCut = this.file === undefined && from > 0;
    this.file = { ino: found.ino, position: found.size };
    if (found.size === from) return;
    const bytes = Buffer.alloc(found.size - from);
    const handle = await open(this.path);
    try {
      await handle.read(bytes, 0, bytes.length, from);
    } finally {
      await handle.close();
    }
    const lines = (this.rest + bytes.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    const came = (isCut ? lines.slice(1) : lines).flatMap(eventOf);
    if (came.length > 0) this.events = [...this.events, ...came].slice(-MOST_EVENTS);
  }
}

function eventOf(line: string): LlmEvent[] {
  try {
    const event = LlmEvent.safeParse(JSON.parse(line)).data;
    return event ? [event] : [];
  } catch {
    // Cut by a full disk, or of another version.
    return [];
  }
}
