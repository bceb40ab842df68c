import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CATALOGUE, type Catalogue, type CatalogueEntry } from './catalogue.js';
import { knownSha256 } from './receipt.js';

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
  bytes: number;
  installed: boolean;
  path?: string;
  isDefault: boolean;
  isStandIn: boolean;
  /** Bytes of an unfinished download that the next run goes on with. */
  partBytes?: number;
  /** Absent for a file that somebody put into the folder. */
  entry?: CatalogueEntry;
}

/** The file of an entry, if it lies in the models folder whole: the exact size, or it does not count. */
export async function findInstalled(entry: CatalogueEntry, modelsDir: string): Promise<InstalledFile | null> {
  const file = path.join(modelsDir, entry.file);
  const found = await fileStats(file);
  if (found?.size !== entry.bytes) return null;
  const sha256 = await knownSha256(file, found.size);
  return { path: file, bytes: found.size, ...(sha256 === undefined ? {} : { sha256 }) };
}

/** The catalogue with what is installed of it, then the models that somebody put into the folder. */
export async function listModels(
  modelsDir: string,
  catalogue: Catalogue = CATALOGUE,
): Promise<ListedModel[]> {
  const known = await Promise.all(
    catalogue.entries.map(async (entry): Promise<ListedModel> => {
      const installed = await findInstalled(entry, modelsDir);
      const part = installed ? null : await fileStats(path.join(modelsDir, `${entry.file}.part`));
      return {
        name: entry.alias,
        title: entry.title,
        bytes: entry.bytes,
        installed: installed !== null,
        ...(installed ? { path: installed.path } : {}),
        ...(part ? { partBytes: part.size } : {}),
        isDefault: entry.alias === catalogue.defaultAlias,
        isStandIn: entry.alias === catalogue.standInAlias,
        entry,
      };
    }),
  );
  return [...known, ...(await ownFiles(modelsDir, catalogue))];
}

async function ownFiles(modelsDir: string, catalogue: Catalogue): Promise<ListedModel[]> {
  const taken = new Set(catalogue.entries.map((entry) => entry.file));
  const names = await readdir(modelsDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const own = names.filter((name) => /\.gguf$/i.test(name) && !taken.has(name)).sort();
  const listed = await Promise.all(
    own.map(async (file): Promise<ListedModel | null> => {
      const at = path.join(modelsDir, file);
      const found = await fileStats(at);
      if (!found) return null;
      const name = file.replace(/\.gguf$/i, '');
      const flags = { installed: true, isDefault: false, isStandIn: false };
      return { name, title: file, bytes: found.size, path: at, ...flags };
    }),
  );
  return listed.filter((model) => model !== null);
}

async function fileStats(file: string): Promise<Stats | null> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? found : null;
}
