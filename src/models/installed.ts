import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CATALOGUE, type Catalogue, type CatalogueEntry } from './catalogue.js';
import { knownSha256, readReceipt } from './receipt.js';
import { stemOf } from './target.js';

export interface InstalledFile {
  path: string;
  bytes: number;
  /** Known from when it was fetched; absent for a file that somebody put there. */
  sha256?: string;
}

export interface ListedModel {
  /** The alias, or the file's name without `.gguf` for a file that somebody put into the folder. */
  name: string;
  title: string;
  /** Of the file, or of what a download would bring; absent where only a rounded size was published. */
  bytes?: number;
  /** As published, rounded. */
  approxBytes?: number;
  installed: boolean;
  path?: string;
  isDefault: boolean;
  isStandIn: boolean;
  /** Bytes of an unfinished download that the next run goes on with. */
  partBytes?: number;
  /** The reference that fetched it, for a file that the catalogue does not name. */
  source?: string;
  /** Absent for a file that the catalogue does not name. */
  entry?: CatalogueEntry;
}

/**
 * The file of an entry, if it lies in the models folder whole: with the exact size, or, where only a rounded
 * one was ever published, with the receipt that a verified download leaves.
 */
export async function findInstalled(
  entry: Pick<CatalogueEntry, 'file' | 'bytes'>,
  modelsDir: string,
): Promise<InstalledFile | null> {
  const file = path.join(modelsDir, entry.file);
  const found = await fileStats(file);
  if (!found || (entry.bytes !== undefined && found.size !== entry.bytes)) return null;
  const sha256 = await knownSha256(file, found.size);
  if (entry.bytes === undefined && sha256 === undefined) return null;
  return { path: file, bytes: found.size, ...(sha256 === undefined ? {} : { sha256 }) };
}

/** The catalogue with what is installed of it, then the other models of the folder. */
export async function listModels(
  modelsDir: string,
  catalogue: Catalogue = CATALOGUE,
): Promise<ListedModel[]> {
  const known = await Promise.all(catalogue.entries.map((entry) => listEntry(entry, modelsDir, catalogue)));
  const shown = new Set(known.flatMap(({ path: at }) => (at === undefined ? [] : [path.basename(at)])));
  return [...known, ...(await ownFiles(modelsDir, shown))];
}

async function listEntry(
  entry: CatalogueEntry,
  modelsDir: string,
  { defaultAlias, standInAlias }: Catalogue,
): Promise<ListedModel> {
  const installed = await findInstalled(entry, modelsDir);
  const part = installed ? null : await fileStats(path.join(modelsDir, `${entry.file}.part`));
  const bytes = installed?.bytes ?? entry.bytes;
  return {
    name: entry.alias,
    title: entry.title,
    ...(bytes === undefined ? {} : { bytes }),
    ...(bytes !== undefined || entry.approxBytes === undefined ? {} : { approxBytes: entry.approxBytes }),
    installed: installed !== null,
    ...(installed ? { path: installed.path } : {}),
    ...(part ? { partBytes: part.size } : {}),
    isDefault: entry.alias === defaultAlias,
    isStandIn: entry.alias === standInAlias,
    entry,
  };
}

async function ownFiles(modelsDir: string, shown: ReadonlySet<string>): Promise<ListedModel[]> {
  const names = await readdir(modelsDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const own = names.filter((name) => /\.gguf$/i.test(name) && !shown.has(name)).sort();
  const listed = await Promise.all(own.map((file) => listFile(path.join(modelsDir, file))));
  return listed.filter((model) => model !== null);
}

async function listFile(at: string): Promise<ListedModel | null> {
  const found = await fileStats(at);
  if (!found) return null;
  const file = path.basename(at);
  const { name = stemOf(file), source } = (await readReceipt(at, found.size)) ?? {};
  const title = source ?? file;
  const flags = { installed: true, isDefault: false, isStandIn: false };
  return { name, title, bytes: found.size, path: at, ...flags, ...(source === undefined ? {} : { source }) };
}

/** The installed files that downloads brought, as far as they fit. */
export async function findFetched(
  modelsDir: string,
  fits: (listed: ListedModel) => boolean,
): Promise<ListedModel[]> {
  const listed = await listModels(modelsDir, { entries: [], defaultAlias: '', standInAlias: '' });
  return listed.filter((model) => model.source !== undefined && fits(model));
}

async function fileStats(file: string): Promise<Stats | null> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? found : null;
}
