import type { GbnfJsonSchema } from 'node-llama-cpp';
import { invalidRequest } from '../../../openai-http/wire-error.js';
import { engineMessages } from '../messages.js';

type Schema = Record<string, unknown>;

/** Say nothing about the shape. */
const ANNOTATIONS = [
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
];
/**
 * Ranges of a value, which a grammar over text does not count. The answer has the right shape all the same,
 * and the caller's own check of the value stays its own.
 */
const VALUE_RANGES = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'format'];
const OBJECT_WORDS = [
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'propertyNames',
];
const ARRAY_WORDS = ['items', 'prefixItems', 'minItems', 'maxItems'];
const STRING_WORDS = ['minLength', 'maxLength'];
const FORMATS_HELD = ['date-time', 'time', 'date'];
const KNOWN = new Set([
  ...ANNOTATIONS,
  ...VALUE_RANGES,
  ...OBJECT_WORDS,
  ...ARRAY_WORDS,
  ...STRING_WORDS,
  'type',
  'enum',
  'const',
  'oneOf',
  'anyOf',
  '$ref',
  '$defs',
  'definitions',
]);

/**
 * Translates a JSON Schema to the part of it that the binding makes grammars of. The grammar may allow less
 * than the schema (every property is always written), never another shape: what cannot be held is refused by
 * name, because the binding would drop it without a word.
 */
export function toGrammarSchema(schema: Schema): GbnfJsonSchema {
  const defs = (schema.$defs ?? schema.definitions) as Record<string, unknown> | undefined;
  const known = new Set(Object.keys(defs ?? {}));
  const root = translate(schema, '#', known);
  if (defs) {
    root.$defs = Object.fromEntries(
      Object.entries(defs).map(([name, def]) => [name, translate(def, `#/$defs/${name}`, known)]),
    );
  }
  return root as GbnfJsonSchema;
}

function translate(node: unknown, path: string, defs: ReadonlySet<string>): Schema {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    throw unsupported(path, 'it is not a schema object');
  }
  const schema = node as Schema;
  const strange = Object.keys(schema).find((word) => !KNOWN.has(word));
  if (strange !== undefined) throw unsupported(path, `"${strange}" is not supported`);

  if (schema.$ref !== undefined) return reference(schema.$ref, path, defs);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) {
    if (!Array.isArray(choices) || choices.length === 0) throw unsupported(path, 'oneOf needs alternatives');
    return { oneOf: choices.map((choice, i) => translate(choice, `${path}/oneOf/${i}`, defs)) };
  }
  if (schema.const !== undefined) return { const: literal(schema.const, path) };
  if (schema.enum !== undefined) {
    if (!Array.isArray(schema.enum) || schema.enum.length === 0) throw unsupported(path, 'enum needs values');
    return { enum: schema.enum.map((value) => literal(value, path)) };
  }
  const types = typesOf(schema, path);
  if (types.length === 1) return typed(types[0] ?? '', schema, path, defs);
  return { oneOf: types.map((type) => typed(type, schema, path, defs)) };
}

function typed(type: string, schema: Schema, path: string, defs: ReadonlySet<string>): Schema {
  if (type === 'object') return object(schema, path, defs);
  if (type === 'array') return array(schema, path, defs);
  if (type === 'string') {
    if (FORMATS_HELD.includes(String(schema.format))) return { type, format: schema.format };
    return { type, ...pick(schema, STRING_WORDS) };
  }
  if (!['number', 'integer', 'boolean', 'null'].includes(type))
    throw unsupported(path, `"${type}" is not a type`);
  return { type };
}

function object(schema: Schema, path: string, defs: ReadonlySet<string>): Schema {
  const { properties = {}, additionalProperties, propertyNames } = schema;
  const names = propertyNames as Schema | undefined;
  if (names && Object.keys(names).some((word) => word !== 'type')) {
    throw unsupported(path, '"propertyNames" is not supported');
  }
  const fields = Object.entries(properties as Schema).map(
    ([name, field]) => [name, translate(field, `${path}/properties/${name}`, defs)] as const,
  );
  // By JSON Schema an object of no named properties is open; the binding would make it empty.
  const open = additionalProperties ?? (fields.length === 0 ? true : undefined);
  const rest = typeof open === 'object' ? translate(open, `${path}/additionalProperties`, defs) : open;
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(rest === undefined ? {} : { additionalProperties: rest }),
    ...pick(schema, ['minProperties', 'maxProperties']),
  };
}

function array(schema: Schema, path: string, defs: ReadonlySet<string>): Schema {
  const { items, prefixItems } = schema;
  if (prefixItems !== undefined && !Array.isArray(prefixItems))
    throw unsupported(path, 'prefixItems is a list');
  return {
    type: 'array',
    ...(items === undefined || items === true ? {} : { items: translate(items, `${path}/items`, defs) }),
    ...(prefixItems === undefined
      ? {}
      : { prefixItems: prefixItems.map((item, i) => translate(item, `${path}/prefixItems/${i}`, defs)) }),
    ...pick(schema, ['minItems', 'maxItems']),
  };
}

function typesOf(schema: Schema, path: string): string[] {
  if (typeof schema.type === 'string') return [schema.type];
  if (Array.isArray(schema.type) && schema.type.length > 0) return schema.type.map(String);
  if (OBJECT_WORDS.some((word) => word in schema)) return ['object'];
  if (ARRAY_WORDS.some((word) => word in schema)) return ['array'];
  throw unsupported(path, 'it has no type');
}

function reference(ref: unknown, path: string, defs: ReadonlySet<string>): Schema {
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String(ref))?.[1];
  if (name === undefined || !defs.has(name)) throw unsupported(path, `"${String(ref)}" is not a definition`);
  return { $ref: `#/$defs/${name}` };
}

function literal(value: unknown, path: string): string | number | boolean | null {
  const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (!plain) throw unsupported(path, 'only plain values can be listed');
  return value as string | number | boolean | null;
}

function pick(schema: Schema, words: readonly string[]): Schema {
  return Object.fromEntries(
    words.filter((word) => schema[word] !== undefined).map((word) => [word, schema[word]]),
  );
}

function unsupported(path: string, reason: string): Error {
  return invalidRequest(engineMessages.schemaUnsupported(path, reason), 'response_format');
}
