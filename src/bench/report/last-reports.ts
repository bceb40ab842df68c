import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { HomeLayout } from '../../settings/home.js';
import { BENCH_SCHEMA, BenchDocument, type BenchReport } from './schema.js';

/** So many reports stay in a home, the newest of them. */
export const MOST_KEPT = 20;
const NAME = /^\d{8}T\d{6}Z-[\w-]+\.json$/;

/** Where a home keeps its last reports: `<home>/bench/reports`. */
export function reportsFolder(layout: HomeLayout): string {
  return path.join(layout.home, 'bench', 'reports');
}

/** Keeps a report for `top` and for a later comparison, and lets the oldest go. @returns its file */
export async function rememberReport(layout: HomeLayout, report: BenchReport): Promise<string> {
  const folder = reportsFolder(layout);
  await mkdir(folder, { recursive: true });
  const moment = new Date(report.started_at).toISOString().replace(/[-:]|\.\d+/g, '');
  const file = path.join(folder, `${moment}-${report.report_id}.json`);
  await writeFileAtomic(file, `${JSON.stringify({ schema: BENCH_SCHEMA, data: report })}\n`);
  const names = await namesIn(folder);
  await Promise.all(names.slice(MOST_KEPT).map((name) => rm(path.join(folder, name), { force: true })));
  return file;
}

/** Reads the kept reports, newest first, each of them once; one that cannot be read is left out. */
export function lastReports(layout: HomeLayout): () => Promise<BenchReport[]> {
  const folder = reportsFolder(layout);
  const read = new Map<string, BenchReport | undefined>();
  return async () => {
    const names = await namesIn(folder);
    for (const name of names.slice(0, MOST_KEPT))
      if (!read.has(name)) read.set(name, await readKept(path.join(folder, name)));
    for (const name of [...read.keys()]) if (!names.includes(name)) read.delete(name);
    return names.flatMap((name) => read.get(name) ?? []);
  };
}

async function readKept(file: string): Promise<BenchReport | undefined> {
  try {
    return BenchDocument.parse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Newest first: a name begins with its moment. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
}
