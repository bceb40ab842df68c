import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseCsv } from '../../src/eval/importers/csv.js';
import { IMPORTERS, importSet } from '../../src/eval/importers/import-set.js';
import { classifyUserIntent } from '../../src/prompts/intent.js';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const importer = (kind: string) => {
  const found = IMPORTERS.find((one) => one.kind === kind);
  if (!found) throw new Error(kind);
  return found;
};
const read = (kind: string, file: string) => importer(kind).read(path.join(FIXTURES, file));

describe('the formats', () => {
  test('MASSIVE: the part for tests, with its language', async () => {
    const lines = await read('massive', 'massive');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toEqual({
      text: 'разбуди меня завтра без четверти шесть',
      label: 'alarm_set',
      lang: 'ru',
    });
    expect(await read('massive', 'massive/ru-RU.jsonl')).toEqual(lines);
  });

  test('BANKING77: commas and doubled quotes in a message', async () => {
    const lines = await read('banking77', 'banking77.csv');
    expect(lines).toHaveLength(10);
    expect(lines[1]?.text).toBe('I still have not received my new card, I ordered over a week ago.');
    expect(lines[8]?.text).toContain('anything but "Pending", and');
  });

  test('CLINC150: the tests alone, and what is out of scope by its own word', async () => {
    const lines = await read('clinc150', 'clinc150.json');
    expect(lines.map(({ label }) => label)).toEqual([
      'translate',
      'translate',
      'balance',
      'balance',
      null,
      null,
    ]);
  });

  test('SNIPS: messages put together from their pieces, from every file of a folder', async () => {
    const lines = await read('snips', 'snips');
    expect(lines).toContainEqual({
      text: 'What will the weather be faraway from here?',
      label: 'GetWeather',
      lang: 'en',
    });
    expect(lines.filter(({ label }) => label === 'PlayMusic')).toHaveLength(2);
  });

  test('JSONL: our own set is in it', async () => {
    const file = path.resolve(import.meta.dirname, '../../benchmarks/quality/intent.jsonl');
    const lines = await importer('jsonl').read(file);
    expect(lines).toHaveLength(412);
    expect(lines.filter(({ label }) => label === null)).toHaveLength(82);
  });

  test('a CSV with line breaks inside quotes, CRLF, an empty last field, and no line break at its end', () => {
    expect(parseCsv('a,b\r\n"x\ny, ""z""",\r\n1,2')).toEqual([
      ['a', 'b'],
      ['x\ny, "z"', ''],
      ['1', '2'],
    ]);
    expect(parseCsv('a,b\n')).toEqual([['a', 'b']]);
    expect(parseCsv('')).toEqual([]);
  });
});

describe('an imported set', () => {
  const options = { seed: 7, labels: 2 };
  test('draws labels by the seed, the same each time, and holds one message of each back as an example', async () => {
    const file = path.join(FIXTURES, 'banking77.csv');
    const set = await importSet(importer('banking77'), file, options);
    expect(await importSet(importer('banking77'), file, options)).toEqual(set);
    expect(set.labels).toHaveLength(2);
    expect(set.licence).toContain('CC BY 4.0');
    expect(set.name).toContain('2 of 4 labels');
    const asked = set.cases.map((one) => ('text' in one ? one.text : ''));
    expect(set.examples.map(({ label }) => label).sort()).toEqual(
      [...set.labels.map(({ name }) => name), 'unknown'].sort(),
    );
    expect(set.examples.filter(({ text }) => asked.includes(text))).toEqual([]);
  });

  test('takes messages of the labels that were not drawn for out of scope, a fifth at most', async () => {
    const file = path.resolve(import.meta.dirname, '../../benchmarks/quality/intent.jsonl');
    const set = await importSet(importer('jsonl'), file, { seed: 1, labels: 10 });
    const outside = set.cases.filter((one) => one.task === 'intent' && one.expected === 'unknown').length;
    expect(outside / set.cases.length).toBeCloseTo(0.2, 1);
  });

  test('its labels are such as a prompt takes', async () => {
    const file = await written(
      '{"text":"a b","intent":"Refund? now!"}\n'.repeat(2) + '{"text":"c","intent":"two"}\n'.repeat(2),
    );
    const set = await importSet(importer('jsonl'), file, { seed: 1 });
    expect(set.labels.map(({ name }) => name)).toEqual(['Refund_now', 'two']);
    expect(() =>
      classifyUserIntent({ message: 'x', availableIntents: set.labels.map(({ name }) => name) }),
    ).not.toThrow();
  });

  test.each([
    ['what is not there', 'jsonl', () => Promise.resolve('/nowhere/at/all.jsonl')],
    ['what is no JSON', 'jsonl', () => written('{"text":"a","intent":"b"}\nnot json')],
    ['another CSV', 'banking77', () => written('message;label\na;b')],
    ['a set with one label', 'jsonl', () => written('{"text":"a","intent":"b"}\n{"text":"c","intent":"b"}')],
  ])('%s is refused by name', async (_, kind, make) => {
    const file = await make();
    await expect(importSet(importer(kind), file, { seed: 1 })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(file),
      detail: expect.stringMatching(/\S/),
    });
  });

  test('a file larger than any set is not read', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'botllm-import-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'huge.jsonl');
    await writeFile(file, '');
    const { truncate } = await import('node:fs/promises');
    await truncate(file, 65 * 2 ** 20);
    await expect(importSet(importer('jsonl'), file, { seed: 1 })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

async function written(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'set.jsonl');
  await writeFile(file, text);
  return file;
}
