import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { wasPlanted } from './trust.js';

/** A configuration file's names; `.yml` is one because a file that is silently not read would be worse. */
export const CONFIG_NAMES = ['botllm.config.json', 'botllm.config.yaml', 'botllm.config.yml'] as const;

/** The configuration files of one folder: mostly none or one; two are a mistake that the caller names. */
export async function configFilesIn(folder: string): Promise<string[]> {
  const found = await Promise.all(
    CONFIG_NAMES.map(async (name) => {
      const file = path.join(folder, name);
      return (await exists(file)) ? [file] : [];
    }),
  );
  return found.flat();
}

export interface ProjectSearch {
  /** Of the nearest folder that has any. */
  files: string[];
  /** Those that a stranger may have put there: passed over. */
  planted: string[];
  /** Every folder that was looked into, from the current one upward. */
  folders: string[];
}

/**
 * Looks for the project's file from `cwd` upward: up to and into the home folder when it lies on the way, else
 * up to the root.
 */
export async function findProjectFile(cwd: string, home: string): Promise<ProjectSearch> {
  const search: ProjectSearch = { files: [], planted: [], folders: [] };
  // The current folder comes without links, the home mostly as it was written.
  const lastFolders = [path.resolve(home), await realpath(home).catch(() => home)];
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    search.folders.push(folder);
    for (const file of await configFilesIn(folder)) {
      ((await wasPlanted(file)) ? search.planted : search.files).push(file);
    }
    const isLast = lastFolders.includes(folder) || path.dirname(folder) === folder;
    if (search.files.length > 0 || isLast) return search;
  }
}

/** Also true of a link that leads nowhere: its reader says so. */
async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch {
    return false;
  }
}
