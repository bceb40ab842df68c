import { open, stat } from 'node:fs/promises';
import { LlmEvent } from '../observability/events.js';

/** Read at the beginning: some hundreds of calls. */
const FIRST_BYTES = 256 * 1024;
const MOST_EVENTS = 1_000;

/** The newest events of a log that others write to; every look reads only what came since. */
export class EventTail {
  readonly events: LlmEvent[] = [];
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
    for (const line of isCut ? lines.slice(1) : lines) this.take(line);
  }

  private take(line: string): void {
    try {
      const event = LlmEvent.safeParse(JSON.parse(line)).data;
      if (event) this.events.push(event);
    } catch {
      // Cut by a full disk, or of another version.
    }
    if (this.events.length > MOST_EVENTS) this.events.splice(0, this.events.length - MOST_EVENTS);
  }
}
