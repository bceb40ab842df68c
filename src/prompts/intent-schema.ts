import { z } from 'zod';
import { ENTITY_NAMES, type IntentAnswer, MAX_ENTITIES, MAX_ENTITY_CHARS } from './intent-answer.js';

/** A bot asks with the same few lists of labels all day; making a schema costs more than the rest of a question. */
const MAX_KEPT = 50;
const kept = new Map<string, z.ZodType<IntentAnswer>>();

/** The answer's shape for these labels. */
export function intentSchema(labels: readonly string[]): z.ZodType<IntentAnswer> {
  // No label holds a line break.
  const key = labels.join('\n');
  const known = kept.get(key);
  if (known) return known;
  const schema = z.object({
    intent: z.enum(labels),
    entities: z
      .array(z.object({ name: z.enum(ENTITY_NAMES), value: z.string().max(MAX_ENTITY_CHARS) }))
      .max(MAX_ENTITIES),
  });
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(key, schema);
  return schema;
}
