import { z } from 'zod';
import { requestIdOf } from '../load/engine-sender.js';
import type { LoadPlan } from '../load/plan.js';
import type { Sent } from '../load/sent.js';
import type { Failure, RequestTrace } from '../trace/request-trace.js';

const ms = z.number();
const count = z.number().int().nonnegative();

/**
 * One request of a report, as `requests.jsonl` keeps it: moments in milliseconds after it was sent, tokens as they
 * were counted, and no word of prompt or answer.
 */
export const RequestLine = z.object({
  /** Id of the report. */
  report: z.string(),
  /** Its model: place in the report's `targets`. */
  target: count,
  /** Its load level: place in the target's `results`. */
  level: count,
  /** `X-Request-Id`, by which the engine's log has it. */
  id: z.string().optional(),
  index: count,
  phase: z.enum(['warmup', 'measured', 'filler']),
  /** Of measured ones. */
  run: count.optional(),
  /** Where levels took turns: which stay at this one it was. */
  visit: count.optional(),
  /** When it was sent, after the first request of its level. */
  sent_ms: ms,
  /** When it was due: 0, or below where it went out late. */
  due_ms: ms,
  head_ms: ms.optional(),
  first_event_ms: ms.optional(),
  /** First and last event with a choice of any kind, and how many there were. */
  choices: z.tuple([ms, ms, count]).optional(),
  first_output_ms: ms.optional(),
  /** Every event with content, reasoning or a tool's text. */
  content_ms: z.array(ms),
  end_ms: ms,
  /** Of the first such event, and of all. */
  characters: z.tuple([count, count]),
  first_tokens: count.optional(),
  token_ids: count.optional(),
  /** By the engine's tokenizer. */
  tokenized: count.optional(),
  usage: z
    .object({ prompt_tokens: count.optional(), output_tokens: count, cached_tokens: count.optional() })
    .optional(),
  /** The engine's own clock. */
  timings: z
    .object({
      prompt_tokens: count,
      prompt_ms: ms,
      output_tokens: count,
      output_ms: ms,
      cached_tokens: count.optional(),
    })
    .optional(),
  finish: z.string().optional(),
  failure: z.string().optional(),
  /** It came in one piece on purpose. */
  unstreamed: z.literal(true).optional(),
  /** The run was over before it was; it counts nowhere. */
  stopped: z.literal(true).optional(),
});
export type RequestLine = z.infer<typeof RequestLine>;

/** Whose requests they are. */
export interface LineOwner {
  report: string;
  target: number;
  level: number;
}

/** Nobody measures finer than a microsecond, and a file of them is half as long. */
const round = (value: number) => Math.round(value * 1000) / 1000;

/** When the first of them was sent. */
export function beginOf(sent: readonly Sent[]): number {
  return sent.reduce((least, { trace }) => Math.min(least, trace.sentAt), Number.POSITIVE_INFINITY);
}

/** @param plan gives the ids that went over the wire; through our client they are its own */
export function toLines(
  sent: readonly Sent[],
  owner: LineOwner,
  plan: Pick<LoadPlan, 'reportId' | 'via'>,
  begin = beginOf(sent),
): RequestLine[] {
  return sent.map((one) => {
    const { trace, index, phase } = one;
    const { sentAt, characters, choices, usage, timings } = trace;
    const after = (at: number) => round(at - sentAt);
    const maybe = (at: number | undefined) => (at === undefined ? undefined : after(at));
    return withoutAbsent({
      ...owner,
      id: plan.via === 'client' ? undefined : requestIdOf(plan, index),
      index,
      phase,
      run: one.phase === 'measured' ? one.run : undefined,
      visit: one.visit,
      sent_ms: round(sentAt - begin),
      due_ms: after(trace.scheduledAt),
      head_ms: maybe(trace.headAt),
      first_event_ms: maybe(trace.firstEventAt),
      choices: choices && [after(choices.firstAt), after(choices.lastAt), choices.count],
      first_output_ms: maybe(trace.firstOutputAt),
      content_ms: trace.contentAt.map(after),
      end_ms: after(trace.endAt),
      characters: [characters.first, characters.all],
      first_tokens: trace.firstTokens,
      token_ids: trace.tokenIds,
      tokenized: trace.tokenized,
      usage:
        usage &&
        withoutAbsent({
          prompt_tokens: usage.promptTokens,
          output_tokens: usage.outputTokens,
          cached_tokens: usage.cachedTokens,
        }),
      timings:
        timings &&
        withoutAbsent({
          prompt_tokens: timings.promptTokens,
          prompt_ms: timings.promptMs,
          output_tokens: timings.outputTokens,
          output_ms: timings.outputMs,
          cached_tokens: timings.cachedTokens,
        }),
      finish: trace.finish,
      failure: trace.failure,
      unstreamed: trace.unstreamed,
      stopped: trace.stopped,
    });
  });
}

/** The requests again, on a clock that began with the level. */
export function fromLines(lines: readonly RequestLine[]): Sent[] {
  return lines.map((line) => {
    const { index, phase, run = 0 } = line;
    const ticket = phase === 'measured' ? { phase, index, run } : { phase, index };
    return { ...ticket, trace: traceOf(line), ...(line.visit !== undefined && { visit: line.visit }) };
  });
}

function traceOf(line: RequestLine): RequestTrace {
  const { sent_ms: sentAt, choices, characters, usage, timings } = line;
  const at = (after: number) => sentAt + after;
  const maybe = (after: number | undefined) => (after === undefined ? undefined : at(after));
  return {
    scheduledAt: at(line.due_ms),
    sentAt,
    headAt: maybe(line.head_ms),
    firstEventAt: maybe(line.first_event_ms),
    choices: choices && { firstAt: at(choices[0]), lastAt: at(choices[1]), count: choices[2] },
    firstOutputAt: maybe(line.first_output_ms),
    contentAt: line.content_ms.map(at),
    endAt: at(line.end_ms),
    characters: { first: characters[0], all: characters[1] },
    firstTokens: line.first_tokens,
    tokenIds: line.token_ids,
    tokenized: line.tokenized,
    usage: usage && {
      promptTokens: usage.prompt_tokens,
      outputTokens: usage.output_tokens,
      cachedTokens: usage.cached_tokens,
    },
    timings: timings && {
      promptTokens: timings.prompt_tokens,
      promptMs: timings.prompt_ms,
      outputTokens: timings.output_tokens,
      outputMs: timings.output_ms,
      cachedTokens: timings.cached_tokens,
    },
    finish: line.finish,
    // Written by us, from a trace.
    failure: line.failure as Failure | undefined,
    unstreamed: line.unstreamed,
    stopped: line.stopped,
  };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** What did not happen has no key at all, so that a line read again is the line that was written. */
function withoutAbsent<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
