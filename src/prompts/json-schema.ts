import { z } from 'zod';

/** A JSON Schema as engines take it. Keep it flat: object, array, enum, string, number, boolean. */
export type JsonSchema = { readonly [key: string]: unknown };

const converted = new WeakMap<z.ZodType, JsonSchema>();

/**
 * The engine's form of a zod schema: draft 2020-12 without `$schema`, which grammar converters do not know.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const known = converted.get(schema);
  if (known) return known;
  const { $schema: _, ...rest } = z.toJSONSchema(schema) as Record<string, unknown>;
  converted.set(schema, rest);
  return rest;
}
