/** One event of a stream. */
export interface SseEvent {
  /** Its data lines, joined. */
  data: string;
  /** Its name, where it has one (`error`). */
  name?: string | undefined;
  /** When the piece was read that completed its last line of data. */
  at: number;
}

export interface SseSplitter {
  /** @returns the events that this piece completed */
  push(bytes: Uint8Array, at: number): SseEvent[];
  /** The event that the end of the body left without its empty line, if any. */
  end(): SseEvent[];
}

const CR = 13;
const LF = 10;

/**
 * Splits the bytes of `text/event-stream` (HTML standard, section 9.2) into events, whatever the pieces are that
 * they came in: a cut may fall into a line, a line break or a letter. Lines end with LF, CRLF or CR; comments and
 * fields that nobody here reads are passed over.
 *
 * An event's moment is that of its last line of data, not that of the empty line behind it: a server that sends
 * the two apart has said everything with the first.
 */
export function createSseSplitter(): SseSplitter {
  const decoder = new TextDecoder();
  /** Pieces of the line that is not at its end yet. */
  let open: Uint8Array[] = [];
  let afterCr = false;
  let data: string[] = [];
  let dataAt = 0;
  let name: string | undefined;
  let isFirstLine = true;

  const takeEvent = (): SseEvent[] => {
    const event = { data: data.join('\n'), at: dataAt, ...(name === undefined ? {} : { name }) };
    const events = data.length > 0 ? [event] : [];
    data = [];
    name = undefined;
    return events;
  };

  const takeLine = (at: number): SseEvent[] => {
    let line = decoder.decode(joined(open));
    open = [];
    if (isFirstLine && line.startsWith('\ufeff')) line = line.slice(1);
    isFirstLine = false;
    if (line === '') return takeEvent();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      data.push(value);
      dataAt = at;
    } else if (field === 'event') name = value;
    return [];
  };

  return {
    push(bytes, at) {
      const events: SseEvent[] = [];
      let from = 0;
      for (let i = 0; i < bytes.length; i += 1) {
        const byte = bytes[i];
        if (byte !== LF && byte !== CR) {
          afterCr = false;
          continue;
        }
        // The LF of a CRLF ends no second line.
        if (!(byte === LF && afterCr)) {
          open.push(bytes.subarray(from, i));
          events.push(...takeLine(at));
        }
        from = i + 1;
        afterCr = byte === CR;
      }
      if (from < bytes.length) open.push(bytes.subarray(from));
      return events;
    },
    end() {
      return [...(open.length > 0 ? takeLine(dataAt) : []), ...takeEvent()];
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
