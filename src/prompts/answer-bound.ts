import type { JsonSchema } from './json-schema.js';

/** `\u0431` is the longest way to write a character, and a grammar allows it: six tokens at worst. */
const TOKENS_PER_CHARACTER = 6;
/** A grammar may let the model put white space around every brace, comma and colon. */
const TOKENS_PER_GAP = 2;

/**
 * The most tokens that an answer under this schema can take, or null when the schema does not bound it.
 * An answer that always fits `max_tokens` is never cut, and a cut answer is never used.
 */
export function tokenBound(schema: JsonSchema): number | null {
  if (Array.isArray(schema.enum)) return Math.max(...schema.enum.map((value) => literal(value)));
  if ('const' in schema) return literal(schema.const);
  switch (schema.type) {
    case 'string':
      return typeof schema.maxLength === 'number' ? schema.maxLength * TOKENS_PER_CHARACTER + 2 : null;
    case 'number':
    case 'integer':
      return 24;
    case 'boolean':
    case 'null':
      return 5;
    case 'array':
      return arrayBound(schema);
    case 'object':
      return objectBound(schema);
    default:
      return null;
  }
}

function arrayBound(schema: JsonSchema): number | null {
  if (typeof schema.maxItems !== 'number' || !isSchema(schema.items)) return null;
  const item = tokenBound(schema.items);
  return item === null ? null : schema.maxItems * (item + 1 + 2 * TOKENS_PER_GAP) + 2 + TOKENS_PER_GAP;
}

function objectBound(schema: JsonSchema): number | null {
  if (!isSchema(schema.properties) || schema.additionalProperties !== false) return null;
  let sum = 2 + TOKENS_PER_GAP;
  for (const [key, property] of Object.entries(schema.properties)) {
    const value = isSchema(property) ? tokenBound(property) : null;
    if (value === null) return null;
    sum += literal(key) + 2 + value + 3 * TOKENS_PER_GAP;
  }
  return sum;
}

function literal(value: unknown): number {
  let tokens = 0;
  for (const character of JSON.stringify(value)) {
    tokens += character.charCodeAt(0) < 0x80 ? 1 : TOKENS_PER_CHARACTER;
  }
  return tokens;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
