import type { Contestant } from './contestants.js';

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}

export interface Timed {
  usage: Usage;
  /** Milliseconds from the request to the first content, and to the last byte. */
  firstMs: number;
  totalMs: number;
}

/** One streamed chat, timed at the client: what a user of the engine sees, HTTP included. */
export async function ask(
  engine: Contestant,
  body: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Timed> {
  const startedAt = performance.now();
  const reply = await engine.post(
    '/v1/chat/completions',
    { temperature: 0, ...body, stream: true, stream_options: { include_usage: true } },
    signal ? { signal } : {},
  );
  if (!reply.ok || !reply.body)
    throw new Error(`${engine.name} answered ${reply.status}: ${await reply.text()}`);
  let first: number | undefined;
  let usage: Usage | undefined;
  let rest = '';
  for await (const text of reply.body.pipeThrough(new TextDecoderStream())) {
    const now = performance.now();
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.startsWith('data: {'))) {
      const event = JSON.parse(line.slice('data: '.length)) as {
        choices?: { delta: { content?: string } }[];
        usage?: Usage;
      };
      if (event.choices?.[0]?.delta.content) first ??= now;
      usage = event.usage ?? usage;
    }
  }
  const endedAt = performance.now();
  if (!usage) throw new Error(`${engine.name} ended its stream without usage`);
  return { usage, firstMs: (first ?? endedAt) - startedAt, totalMs: endedAt - startedAt };
}

/** Words that no other prompt begins with, about one token each; the same for both engines of a pair. */
export function words(key: string, n: number): string {
  let state = [...key].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) >>> 0, 7);
  const letter = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCharCode(97 + ((state >>> 16) % 26));
  };
  return Array.from({ length: n }, () => letter() + letter() + letter()).join(' ');
}

export const user = (content: string) => [{ role: 'user', content }];
