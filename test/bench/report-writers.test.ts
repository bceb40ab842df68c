import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvReport } from '../../src/bench/report/csv.js';
import { htmlReport } from '../../src/bench/report/html.js';
import { markdownReport } from '../../src/bench/report/markdown.js';
import { BenchDocument } from '../../src/bench/report/schema.js';
import { writeReport } from '../../src/bench/report/write.js';
import { reportTable } from '../../src/cli/report-table.js';
import { HOSTILE, hostileReport } from './fixtures/hostile-report.js';
import { aReport, aTarget } from './fixtures/report.js';

/** The cells of a CSV as RFC 4180 reads them. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    const row = rows.at(-1) ?? [];
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

function firstRow(csv: string): Record<string, string> {
  const [heads = [], row = []] = cellsOf(csv);
  return Object.fromEntries(heads.map((head, at) => [head, row[at] ?? '']));
}

describe('the table', () => {
  test("begins with the guide's own columns, and has the guide's figures and the device beside them", () => {
    const [head = '', row = ''] = reportTable(aReport({ targets: [aTarget({ id: 'phi3-mini' })] })).split(
      '\n',
    );
    expect(head.split(/\s{2,}/)).toEqual(['Model', 'Size', 'Speed', 'Memory', 'On', 'The guide says']);
    expect(row).toContain('phi3-mini  135M, Q4_1, 98 MB  8 ± 0.16 tok/s');
    expect(row).toMatch(/CPU\s+40 tok\/s, 4 GB, excellent \(GPU\)$/);
  });

  test("knows the guide's models by their ids, too", () => {
    const { targets } = aReport({ targets: [aTarget({ id: 'google/gemma-2b-it' })] });
    expect(reportTable(aReport({ targets }))).toContain('60 tok/s, 3 GB, good (GPU)');
  });

  test('has no bare number for memory', () => {
    expect(reportTable(aReport())).toContain(
      'RAM 218 MB (own 120 MB + files 98 MB); weights 98 MB + KV 46 MB + other 74 MB',
    );
  });

  test('says of random weights that they are, in the row, and gives them no quality', () => {
    const table = reportTable(aReport({ targets: [aTarget({ random_weights: true })] }));
    expect(table).toContain('smollm2-135m (random weights)');
    expect(table).toContain('none: random weights');
  });

  test('gives the highest value and their number where so few carry no p95', () => {
    expect(reportTable(aReport())).toContain('840 · max 907 (n=25)');
  });

  test('shows the share of usable answers with its interval, its number and how they were asked', () => {
    const usable = { rate: 0.785, ci95: [0.73, 0.83] as [number, number] };
    const quality = [{ set: 'own/1', set_sha256: 'ab', way: 'schema', n: 520, usable, tasks: {} }];
    expect(reportTable(aReport({ targets: [aTarget({ quality })] }))).toContain(
      '78.5 % usable [73–83], n=520, schema',
    );
  });

  test('ends with what it was measured on, uncut', () => {
    expect(reportTable(aReport())).toContain(
      '\nThe guide names 30–60 tok/s for a consumer GPU; a row on the CPU is not that machine.',
    );
  });

  test('keeps the row of a model that failed, with the reason', () => {
    const failed = { code: 'NOT_ENOUGH_MEMORY', message: 'does not fit into memory' };
    expect(reportTable(aReport({ targets: [aTarget({ failed, results: [] })] }))).toContain(failed.message);
  });
});

describe('CSV', () => {
  test('has one line a load level, numbers as they are, and nothing where nothing was measured', () => {
    const row = firstRow(csvReport(aReport()));
    expect(row).toMatchObject({
      model: 'smollm2-135m',
      load: 'alone',
      ttft_ms_mean: '840',
      decode_tps_mean: '8',
      ram_anon: '120000000',
      ttft_ms_p95: '',
      lag_ms_mean: '',
      gpu_bytes: '',
    });
  });

  test.each(HOSTILE.formulas)('never lets a spreadsheet take the name %j for a formula', (id) => {
    const { model } = firstRow(csvReport(hostileReport(id)));
    expect(model?.startsWith("'")).toBe(true);
    expect(model?.slice(1)).toBe(id);
  });

  test('gives names with commas, quotes and lines back as they are', () => {
    const id = 'a "model", of\r\ntwo lines';
    expect(firstRow(csvReport(hostileReport(id))).model).toBe(id);
  });
});

describe('Markdown and HTML', () => {
  test.each(HOSTILE.markup)('show %j as text', (id) => {
    const report = hostileReport(id);
    expect(htmlReport(report)).not.toMatch(/<(?:script|img|svg onload)/i);
    expect(htmlReport(report).match(/<h1>/g)).toHaveLength(1);
    expect(markdownReport(report)).not.toMatch(/<|[^\\]\[click|[^\\]`/);
  });

  test('a table of Markdown has as many cells in each row as heads', () => {
    const lines = markdownReport(hostileReport('a | b || c\n| d |'))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const counts = lines.map((line) => line.replace(/\\\|/g, '').split('|').length);
    expect(counts.slice(0, 4)).toEqual([9, 9, 9, 9]);
    expect(counts.slice(4)).toEqual([13, 13, 13]);
  });

  test('nothing is fetched from elsewhere, and nothing runs', () => {
    expect(htmlReport(aReport())).not.toMatch(/<script|\bsrc=|\bhref=|url\(|@import|\son\w+=/i);
  });
});

describe('a file', () => {
  test.each(['json', 'md', 'csv', 'html'])('is written as .%s says', async (suffix) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'botllm-report-'));
    try {
      const file = path.join(folder, `report.${suffix}`);
      await writeFile(file, 'the one from yesterday');
      await writeReport(file, aReport());
      const text = await readFile(file, 'utf8');
      expect(text).toContain('smollm2');
      if (suffix === 'json') expect(BenchDocument.parse(JSON.parse(text)).data).toEqual(aReport());
      expect(await readdir(folder)).toEqual([`report.${suffix}`]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('is refused before anything is measured when its suffix or its folder is nothing', async () => {
    await expect(writeReport('report.docx', aReport())).rejects.toMatchObject({
      code: 'USAGE',
      hint: '-o report.json, report.md, report.csv or report.html',
    });
    const nowhere = path.join(tmpdir(), 'botllm-not-there', 'report.md');
    await expect(writeReport(nowhere, aReport())).rejects.toMatchObject({ code: 'USAGE' });
  });
});
