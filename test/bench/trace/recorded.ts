import { metricsOf, type RequestMetrics } from '../../../src/bench/trace/metrics.js';
import type { RawTrace } from '../../../src/bench/trace/raw-trace.js';
import { readTrace } from '../../../src/bench/trace/read-trace.js';

/** One `data:` event of a chat stream. */
export const event = (body: object) => `data: ${JSON.stringify(body)}\n\n`;
export const delta = (fields: object, rest: object = {}) =>
  event({ choices: [{ index: 0, delta: fields, finish_reason: null }], ...rest });
export const content = (text: string, rest: object = {}) => delta({ content: text }, rest);
export const finish = (reason = 'stop', rest: object = {}) =>
  event({ choices: [{ index: 0, delta: {}, finish_reason: reason }], ...rest });
export const usage = (completion: number, prompt = 100, cached?: number) => ({
  usage: {
    prompt_tokens: prompt,
    completion_tokens: completion,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  },
});
export const usageEvent = (...counts: Parameters<typeof usage>) =>
  event({ choices: [], ...usage(...counts) });
export const done = 'data: [DONE]\n\n';

/** A recorded exchange: sent at 1000, headers at 1001, then `[milliseconds after sending, text]`. */
export function recorded(
  pieces: readonly (readonly [ms: number, text: string | Uint8Array])[],
  over: Partial<RawTrace> = {},
): RawTrace {
  const SENT = 1000;
  return {
    scheduledAt: SENT,
    sentAt: SENT,
    headAt: SENT + 1,
    status: 200,
    pieces: pieces.map(([ms, bytes]) => ({ at: SENT + ms, bytes: Buffer.from(bytes as string) })),
    end: { at: SENT + (pieces.at(-1)?.[0] ?? 1), how: 'complete' },
    ...over,
  };
}

/** `count` content events from 200 ms on, one each `every` ms. */
export function stream(count: number, every = 20, text: (i: number) => string = () => 'word ') {
  return Array.from({ length: count }, (_, i) => [200 + i * every, content(text(i))] as const);
}

export const figures = (raw: RawTrace): RequestMetrics | null => metricsOf(readTrace(raw));
