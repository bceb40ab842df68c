import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { benchUnderWay, openProgressFile } from '../../src/bench/lifecycle/progress-file.js';
import { lastReports, MOST_KEPT, rememberReport } from '../../src/bench/report/last-reports.js';
import { processStartTime } from '../../src/engines/process-identity.js';
import { homeLayout } from '../../src/settings/home.js';
import { aReport } from './fixtures/report.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'botllm-reports-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 10, minute)).toISOString();

test('a home keeps the newest reports, and reads them newest first', async () => {
  const layout = homeLayout(home);
  const read = lastReports(layout);
  expect(await read()).toEqual([]);
  for (let minute = 0; minute < MOST_KEPT + 3; minute += 1)
    await rememberReport(layout, aReport({ report_id: `r${minute}`, started_at: at(minute) }));
  const reports = await read();
  expect(reports.map(({ report_id: id }) => id).slice(0, 2)).toEqual(['r22', 'r21']);
  expect(reports).toHaveLength(MOST_KEPT);
  expect(await readdir(path.join(home, 'bench/reports'))).toHaveLength(MOST_KEPT);
  // The same objects: read once.
  expect((await read())[0]).toBe(reports[0]);
});

test('what is no report is left out, and nothing but our own files is removed', async () => {
  const layout = homeLayout(home);
  const folder = path.join(home, 'bench/reports');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '20260501T100000Z-broken.json'), '{"schema":"botllm.bench/1"');
  await writeFile(path.join(folder, 'mine.txt'), 'mine');
  await rememberReport(layout, aReport({ started_at: at(1) }));
  expect(await lastReports(layout)()).toHaveLength(1);
  expect(await readFile(path.join(folder, 'mine.txt'), 'utf8')).toBe('mine');
});

const PROGRESS = { model: 'm', load: 'alone', at: 1, of: 2, share: 0.5, startedAt: at(0) };

test('a bench tells how far it is while it goes on, and nothing afterwards', async () => {
  const layout = homeLayout(home);
  const file = openProgressFile(layout);
  file.tell(PROGRESS);
  // Too soon: passed over.
  file.tell({ ...PROGRESS, share: 0.6 });
  await expect.poll(() => benchUnderWay(layout)).toEqual(PROGRESS);
  await file.close();
  expect(await benchUnderWay(layout)).toBeUndefined();
  file.tell(PROGRESS);
  expect(await readdir(path.join(home, 'bench'))).toEqual([]);
});

test('of a bench that was killed nothing is told', async () => {
  const layout = homeLayout(home);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? 0;
  const record = { schema: 1, pid, pidStartTime: await processStartTime(pid), ...PROGRESS };
  await mkdir(path.join(home, 'bench'), { recursive: true });
  await writeFile(path.join(home, 'bench/progress.json'), JSON.stringify(record));
  try {
    expect(await benchUnderWay(layout)).toEqual(PROGRESS);
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'exit');
  expect(await benchUnderWay(layout)).toBeUndefined();
});
