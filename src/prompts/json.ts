import { jsonrepair } from 'jsonrepair';
import { BotllmError } from '../errors.js';
import type { FinishReason } from '../types.js';
import { MESSAGES } from './messages.js';

export type JsonObject = Record<string, unknown>;

/** Names that would reach an object's prototype when an answer is merged into something. */
const DANGEROUS_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
/** One of them, or a letter that may be one of theirs in disguise. */
const MAY_BE_DANGEROUS = /__proto__|constructor|prototype|\\u/;

/**
 * The JSON object in a model's answer: as it is; else without `<think>` and fences, the first balanced object;
 * else repaired (quotes, commas, comments), but only when the engine said that the answer is whole
 * (`finishReason: 'stop'`) and only what is closed by itself. A repair that has to invent the end of a text
 * would turn a cut `cancel_or` into a valid label.
 * @throws BotllmError `INCOMPLETE_RESPONSE` for a cut answer, `INVALID_ANSWER` where no object can be had
 */
export function parseJsonResponse(
  text: string,
  options: { finishReason?: FinishReason | null } = {},
): JsonObject {
  if (options.finishReason === 'length') throw new BotllmError('INCOMPLETE_RESPONSE', MESSAGES.replyCut);
  const object =
    parseObject(text) ??
    firstObject(withoutThoughts(text)) ??
    (options.finishReason === 'stop' ? repaired(withoutThoughts(text)) : undefined);
  if (!object) throw new BotllmError('INVALID_ANSWER', MESSAGES.noJson);
  return object;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    // A look at each key makes parsing several times slower, and hardly an answer needs it.
    const value: unknown = MAY_BE_DANGEROUS.test(text) ? JSON.parse(text, withoutDanger) : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function withoutDanger(key: string, inner: unknown): unknown {
  return DANGEROUS_KEYS.has(key) ? undefined : inner;
}

/** A thought that was never closed has no answer behind it. */
function withoutThoughts(text: string): string {
  return text.replaceAll(/<(think|thinking|thought|reasoning)>[\s\S]*?(?:<\/\1>|$)/gi, '');
}

/** Only closed: the thought began in the prompt, as the templates of some thinking models have it. */
const END_OF_THOUGHT = /<\/(?:think|thinking|thought|reasoning)>/i;

/** The first object behind the last thought. A tag that stands inside an object is a part of that object. */
function firstObject(text: string): JsonObject | undefined {
  let found: JsonObject | undefined;
  let from = 0;
  for (let start = text.indexOf('{'); start >= 0; start = text.indexOf('{', from)) {
    if (END_OF_THOUGHT.test(text.slice(from, start))) found = undefined;
    const end = balancedEnd(text, start);
    // What lies inside an object that is open or broken is a part of an answer, not the answer.
    if (end < 0) break;
    found ??= parseObject(text.slice(start, end));
    from = end;
  }
  return END_OF_THOUGHT.test(text.slice(from)) ? undefined : found;
}

/** The index behind the brace that closes the one at `start`, or -1. */
function balancedEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i += 1) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i += 1;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{') depth += 1;
    else if (c === '}') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

function repaired(text: string): JsonObject | undefined {
  const candidate = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  if (!candidate.startsWith('{') || count(candidate, /(?<!\\)"/g) % 2 === 1) return undefined;
  try {
    const fixed = jsonrepair(candidate);
    // A repair that added a closing bracket completed a cut answer.
    if (count(fixed, /[}\]]/g) !== count(candidate, /[}\]]/g)) return undefined;
    return parseObject(fixed);
  } catch {
    return undefined;
  }
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
