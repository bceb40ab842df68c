export const ENTITY_NAMES = [
  'date',
  'time',
  'service',
  'person',
  'place',
  'number',
  'contact',
  'other',
] as const;
export type EntityName = (typeof ENTITY_NAMES)[number];

export const MAX_ENTITIES = 3;
export const MAX_ENTITY_CHARS = 40;

/** What the model is asked for: flat, and bounded, so that any answer fits `max_tokens`. */
export interface IntentAnswer {
  intent: string;
  entities: { name: EntityName; value: string }[];
}
