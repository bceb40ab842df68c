import { z } from 'zod';

/** A JSON Schema as engines take it. Keep it flat: object, array, enum, string, number, boolean. */
export type JsonSchema = { readonly [key: string]: unknown };

const converted = new WeakMap<z.ZodType, JsonSchema>();

/**
 * The engine's form of a zod schema: draft 2020-12 without `$schema`, which grammar converters do not know. One object
 * for one schema, frozen: what is made of it once (its place in a cache key) holds for good.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const known = converted.get(schema);
  if (known) return known;
  const { $schema: _, ...rest } = z.toJSONSchema(schema) as Record<string, unknown>;
  converted.set(schema, frozen(rest));
  return rest;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
