import type { RawTrace } from './raw-trace.js';
import { type EventFacts, readEvent } from './read-event.js';
import type { Failure, RequestTrace } from './request-trace.js';
import { createSseSplitter, type SseEvent } from './sse-lines.js';

const REASON_CHARACTERS = 200;

/** Understands the bytes of an exchange: a pure function, so that a recorded one can be judged again. */
export function readTrace(raw: RawTrace): RequestTrace {
  const base = {
    scheduledAt: raw.scheduledAt,
    sentAt: raw.sentAt,
    headAt: raw.headAt,
    endAt: raw.end.at,
    ...(raw.end.how === 'stopped' ? { stopped: true as const } : {}),
  };
  if (raw.status !== undefined && raw.status !== 200) {
    const reason = refusal(raw);
    return {
      ...base,
      contentAt: [],
      characters: { first: 0, all: 0 },
      failure: `http_${raw.status}`,
      reason,
    };
  }
  const events = eventsOf(raw);
  const facts = events.map((event) => ({ at: event.at, ...readEvent(event.data, event.name) }));
  const content = facts.filter((event) => (event.output ?? '') !== '' || (event.reasoning ?? '') !== '');
  const length = (event: Partial<EventFacts>) => (event.output?.length ?? 0) + (event.reasoning?.length ?? 0);
  const [first] = content;
  const tokenIds = content.map((event) => event.tokenIds);
  const allNumbered = content.length > 0 && tokenIds.every((count) => count !== undefined);
  const error = facts.find((event) => event.error !== undefined)?.error;
  const finish = last(facts, 'finish');
  const isDone = events.some((event) => event.data === '[DONE]');
  return {
    ...base,
    firstEventAt: events[0]?.at,
    choices: choicesOf(facts),
    firstOutputAt: facts.find((event) => (event.output ?? '') !== '')?.at,
    contentAt: content.map((event) => event.at),
    characters: { first: first ? length(first) : 0, all: content.reduce((sum, one) => sum + length(one), 0) },
    // A running count tells what the first event held; a count at the end only does not.
    firstTokens: first?.tokenIds ?? (content.length > 1 ? first?.usage?.outputTokens : undefined),
    tokenIds: allNumbered ? tokenIds.reduce<number>((sum, count) => sum + (count ?? 0), 0) : undefined,
    usage: last(facts, 'usage'),
    timings: last(facts, 'timings'),
    finish,
    failure: failureOf(raw, {
      error,
      finished: finish !== undefined || isDone,
      answered: content.length > 0,
    }),
    reason: error?.slice(0, REASON_CHARACTERS),
  };
}

/** What the model wrote in it, reasoning and all. */
export function answerText(raw: RawTrace): string {
  const facts = eventsOf(raw).map((event) => readEvent(event.data, event.name));
  return facts.map((event) => `${event?.reasoning ?? ''}${event?.output ?? ''}`).join('');
}

function eventsOf(raw: RawTrace): SseEvent[] {
  const splitter = createSseSplitter();
  const events = raw.pieces.flatMap(({ bytes, at }) => splitter.push(bytes, at));
  // What a broken connection left half is no event.
  return raw.end.how === 'complete' ? [...events, ...splitter.end()] : events;
}

function choicesOf(facts: readonly (Partial<EventFacts> & { at: number })[]): RequestTrace['choices'] {
  const at = facts.flatMap((event) => (event.choice ? [event.at] : []));
  const [firstAt, lastAt] = [at[0], at.at(-1)];
  return firstAt === undefined || lastAt === undefined ? undefined : { firstAt, lastAt, count: at.length };
}

interface Found {
  error: string | undefined;
  /** It said that it was at its end. */
  finished: boolean;
  answered: boolean;
}

function failureOf(raw: RawTrace, { error, finished, answered }: Found): Failure | undefined {
  const { how } = raw.end;
  if (error !== undefined) return 'stream_error';
  if (how === 'timeout' || how === 'refused') return how;
  if (how === 'reset' && !finished) return 'reset';
  if (how === 'stopped') return undefined;
  if (!finished) return answered ? 'cut' : 'no_answer';
  return undefined;
}

/** The last event that says it: a running count is overtaken by the final one. */
function last<K extends keyof EventFacts>(
  facts: readonly Partial<EventFacts>[],
  key: K,
): EventFacts[K] | undefined {
  return facts.findLast((event) => event[key] !== undefined)?.[key];
}

function refusal({ pieces }: RawTrace): string | undefined {
  const text = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8');
  const said = readEvent(text)?.error ?? text;
  return said.replace(/\s+/g, ' ').trim().slice(0, REASON_CHARACTERS) || undefined;
}
