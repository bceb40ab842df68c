import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { againstSchema } from '../../support/compose-schema.js';
import { CASES, FAMILY_NAMES, outcome, wish } from './matrix.js';

const read = (file: string) =>
  parse(readFileSync(path.resolve(import.meta.dirname, '../../..', file), 'utf8'), { merge: true });

test.each(['docker-compose.llm.yml', 'deploy/docker-compose.gpu.yml'])(
  '%s is a document of the Compose Specification',
  (file) => expect(againstSchema(read(file))).toEqual([]),
);

test.each(FAMILY_NAMES)('whatever is asked of %s, what is generated is a document of it, too', (family) => {
  const documents = CASES.flatMap(({ more }) => {
    const made = outcome(wish(family, more));
    return 'document' in made ? [parse(made.document)] : [];
  });
  expect(documents.length).toBeGreaterThan(5);
  for (const document of documents) expect(againstSchema(document)).toEqual([]);
});

test('the schema knows a wrong document', () => {
  const service = read('docker-compose.llm.yml').services.llm;
  const wrong = [
    { ...service, memlimit: '6g' },
    { ...service, ports: [{ target: 'x' }] },
    { ...service, healthcheck: { test: 7 } },
  ];
  for (const llm of wrong) expect(againstSchema({ services: { llm } })).not.toEqual([]);
});
