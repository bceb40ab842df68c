import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { README_TABLES, withTables } from './support/readme-tables.js';

test.each(['README.md', 'README.ru.md'])(
  'the tables of %s are those of the code (npm run docs rewrites them)',
  (name) => {
    const file = path.resolve(import.meta.dirname, '..', name);
    const readme = readFileSync(file, 'utf8');
    for (const table of Object.keys(README_TABLES[name] ?? {}))
      expect(readme).toContain(`<!-- ${table}:begin`);
    if (process.env.BOTLLM_WRITE_DOCS) writeFileSync(file, withTables(readme, name));
    else expect(readme).toBe(withTables(readme, name));
  },
);
