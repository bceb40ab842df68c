/** What a stream of server-sent events may hold in all; one that never stops talking is cut there. */
export interface SseLimit {
  bytes: number;
  exceeded: () => Error;
}

/**
 * The data of each event in a body, in order; comments and the fields that nobody here reads are passed over.
 * Cheap on long lines, bounded in memory, and it says nothing to anybody. An event that the end of the body
 * cuts is not given, unless only its last line break is missing.
 */
export async function* readSse(
  body: AsyncIterable<Uint8Array>,
  { bytes: limit, exceeded }: SseLimit,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let bytes = 0;
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

  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw exceeded();
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      const event = take(withoutReturn([...open, line].join('')));
      open = [];
      if (event !== undefined) yield event;
    }
    if (last !== '') open.push(last);
  }
  take(withoutReturn(open.join('')));
  const event = take('');
  if (event !== undefined && isJson(event)) yield event;
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
