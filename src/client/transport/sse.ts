import { StringDecoder } from 'node:string_decoder';

/** Reads one body of server-sent events, piece by piece as it comes. */
export interface SseReader {
  /** The data of each event that this piece ends, in order. */
  read(piece: Uint8Array): string[];
  /** The event that the end of the body cuts, unless only its last line break is missing: then it is one. */
  end(): string[];
}

/**
 * Comments and the fields that nobody here reads are passed over. Cheap on long lines, bounded by who feeds it, and
 * it says nothing to anybody.
 */
export function sseReader(): SseReader {
  // A TextDecoder with a state takes as long to make as a short answer to read.
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  /** Pieces of the line that has not ended yet: joined once, not with every piece. */
  let open: string[] = [];
  let data: string[] = [];

  /** The event that an empty line ends. */
  const take = (line: string): string | undefined => {
    if (line === '') {
      const event = data.length > 0 ? data.join('\n') : undefined;
      data = [];
      return event;
    }
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    return undefined;
  };

  const textOf = (piece: Uint8Array): string => {
    const text = decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    if (!isFirst || text === '') return text;
    isFirst = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  };

  return {
    read(piece) {
      const events: string[] = [];
      const lines = textOf(piece).split('\n');
      const last = lines.pop() ?? '';
      for (const line of lines) {
        const event = take(withoutReturn(open.length === 0 ? line : [...open, line].join('')));
        open = [];
        if (event !== undefined) events.push(event);
      }
      if (last !== '') open.push(last);
      return events;
    },
    end() {
      take(withoutReturn(open.join('') + decoder.end()));
      const event = take('');
      return event !== undefined && isJson(event) ? [event] : [];
    },
  };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
