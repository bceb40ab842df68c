import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../stores/contract.js';
import { cacheKey } from '../stores/keys.js';
import type { ChatMessage } from '../types.js';
import type { Answer } from './answer.js';
import { type Ending, orAbort } from './cancel.js';
import { canonicalJson } from './canonical-json.js';
import type { Clock } from './clock.js';
import { remembering } from './remembering.js';
import type { EngineRequest } from './requests.js';

/** Raised when the envelope or what is hashed changes: older values are misses then. */
const ENVELOPE = 1;
/** Longer answers are not worth the room. */
export const MAX_CACHED_BYTES = 64 * 1024;

const Envelope = z.object({
  v: z.literal(ENVELOPE),
  text: z.string(),
  confidence: z.number().min(0).max(1).nullable(),
});

export interface CachedAnswer extends Answer {
  ageMs: number;
}

export interface AnswerCache {
  /** The kept answer, or null when there is none, it is broken or too old, or the store cannot be asked. */
  get(key: string, signal: Ending): Promise<CachedAnswer | null>;
  /** The answer in what a store gave. */
  read(value: string | null): CachedAnswer | null;
  /** Keeps a whole, validated answer. Settles when it is kept or given up; never rejects. */
  put(key: string, answer: Answer): Promise<void>;
  /** Waits for the writes that are on their way. */
  flush(): Promise<void>;
}

export interface AnswerCacheOptions {
  store: () => Promise<Store>;
  ttlMs: number;
  clock: Clock;
  random: () => number;
}

/** The answer cache over a store. It is optional by contract: whatever fails here is a miss or a lost write. */
export function createAnswerCache({ store, ttlMs, clock, random }: AnswerCacheOptions): AnswerCache {
  const writes = new Set<Promise<void>>();
  const read = (value: string | null) => (value === null ? null : unwrap(value, clock.now(), ttlMs));
  return {
    async get(key, signal) {
      const asking = store().then((opened) => opened.cacheGet(key));
      return read(
        await orAbort(
          asking.catch(() => null),
          signal,
        ),
      );
    },
    read,
    put(key, answer) {
      const value = wrap(answer, clock.now());
      if (Buffer.byteLength(value) > MAX_CACHED_BYTES) return Promise.resolve();
      // Minus up to a tenth: answers of one busy minute do not expire together, and none outlives the TTL.
      const jittered = Math.max(1, Math.round(ttlMs * (1 - 0.1 * random())));
      const write = store()
        .then((opened) => opened.cachePut(key, value, jittered))
        .catch(() => {})
        .finally(() => writes.delete(write));
      writes.add(write);
      return write;
    },
    async flush() {
      await Promise.all(writes);
    },
  };
}

export interface AnswerIdentity {
  scope: string;
  task: string;
  model: string;
  promptVersion: number;
  request: EngineRequest;
}

/** All that is hashed, in order: a field that is missing here does not compile. */
const FIELDS = Object.keys({
  kind: true,
  messages: true,
  prompt: true,
  maxTokens: true,
  temperature: true,
  topP: true,
  seed: true,
  stop: true,
  thinking: true,
  structured: true,
  label: true,
  extra: true,
} satisfies Record<keyof EngineRequest, true>).sort() as (keyof EngineRequest)[];

/**
 * The key of an answer. Everything that is sent is hashed, so a new field can never be forgotten; user, signal,
 * deadline and the like are not part of a request, and which engine serves it is not part of the key.
 */
export function answerKey({ scope, task, model, promptVersion, request }: AnswerIdentity): string {
  // A line a field, for JSON has no line breaks of its own.
  let all = `${ENVELOPE} ${promptVersion}`;
  for (const name of FIELDS) {
    const text = name === 'messages' ? messagesText(request.messages) : canonicalJson(request[name]);
    all += `\n${name} ${text}`;
  }
  return cacheKey({ scope, task, model, hash: hash('sha256', all) });
}

const digest = remembering((text) => hash('sha256', text));

/** Role and digest of each message: most of them come again with every call. There is no more to one (see `cleaned`). */
function messagesText(messages: readonly ChatMessage[]): string {
  let text = '';
  for (const { role, content } of messages) text += `${role} ${digest(content)} `;
  return text;
}

/** `<creation time in ms> <json>`: an admin command can tell the age without reading the answer. */
function wrap({ text, confidence }: Answer, now: number): string {
  return `${Math.round(now)} ${JSON.stringify({ v: ENVELOPE, text, confidence })}`;
}

function unwrap(value: string, now: number, ttlMs: number): CachedAnswer | null {
  const space = value.indexOf(' ');
  const createdAt = Number(value.slice(0, space));
  if (space < 1 || !Number.isSafeInteger(createdAt)) return null;
  const ageMs = Math.max(0, now - createdAt);
  if (ageMs > ttlMs) return null;
  try {
    const { text, confidence } = Envelope.parse(JSON.parse(value.slice(space + 1)));
    return { text, confidence, finishReason: 'stop', ageMs };
  } catch {
    return null;
  }
}
