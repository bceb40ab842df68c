import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { BenchDocument } from '../../src/bench/report/schema.js';
import { aReport } from './fixtures/report.js';

const SHIPPED = path.resolve(import.meta.dirname, '../../deploy/schemas/botllm.bench-1.schema.json');

test('the JSON schema that is shipped is the one that reports are checked by', async () => {
  const made = `${JSON.stringify(z.toJSONSchema(BenchDocument, { io: 'input' }), null, 2)}\n`;
  if (process.env.BOTLLM_WRITE_DOCS) await writeFile(SHIPPED, made);
  expect(await readFile(SHIPPED, 'utf8')).toBe(made);
});

test('a report passes the shipped schema, and one with a figure of the wrong kind does not', async () => {
  const check = new Ajv2020({ strict: true }).compile(JSON.parse(await readFile(SHIPPED, 'utf8')));
  const report = { schema: 'botllm.bench/1', data: aReport() };
  expect(BenchDocument.parse(report)).toEqual(report);
  expect(check(report), JSON.stringify(check.errors)).toBe(true);
  expect(check({ ...report, data: { ...report.data, seed: '42' } })).toBe(false);
  expect(check({ ...report, schema: 'botllm.bench/2' })).toBe(false);
});
