import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { htmlReport } from '../../src/bench/report/html.js';
import { HOSTILE, hostileReport } from './fixtures/hostile-report.js';
import { aReport } from './fixtures/report.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'botllm-chromium-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The page as the browser built it, and what the browser complained of. */
async function opened(html: string) {
  const file = path.join(folder, 'report.html');
  await writeFile(file, html);
  const { stdout, stderr } = await execa(
    'chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--enable-logging=stderr',
      `--user-data-dir=${path.join(folder, 'profile')}`,
      '--dump-dom',
      pathToFileURL(file).href,
    ],
    { timeout: 120_000, forceKillAfterDelay: 1_000 },
  );
  const complaints = stderr.split('\n').filter((line) => line.includes(':CONSOLE'));
  return { dom: stdout, complaints };
}

test('a real browser shows the report: its tables, and a chart for everything that was measured', async () => {
  const { dom, complaints } = await opened(htmlReport(aReport()));
  expect(complaints).toEqual([]);
  expect(dom.match(/<table>/g)).toHaveLength(2);
  const charts = [...dom.matchAll(/aria-label="([^"]+)"/g)].map(([, title]) => title);
  expect(charts).toEqual([
    'Speed of one answer',
    'Memory',
    'Time to the first token',
    'Time to the whole answer',
  ]);
  expect(dom).toContain('the guide, on a consumer GPU');
  expect(dom).toContain('<td>840 · max 907 (n=25)</td>');
});

test('a real browser runs nothing of what a name holds, and builds no element from it', async () => {
  const { dom, complaints } = await opened(htmlReport(hostileReport(HOSTILE.markup.join(' '))));
  expect(dom).not.toContain('<title>owned</title>');
  expect(complaints).toEqual([]);
  expect(dom.match(/<(script|img|a)\b/g)).toBeNull();
  expect(dom.match(/<h1>/g)).toHaveLength(1);
  expect(dom.match(/<table>/g)).toHaveLength(2);
});
