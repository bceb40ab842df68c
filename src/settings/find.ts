import { lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { wasPlanted } from './trust.js';

/** A configuration file's names; `.yml` is one because a file that is silently not read would be worse. */
export const CONFIG_NAMES = ['botllm.config.json', 'botllm.config.yaml', 'botllm.config.yml'] as const;

/** The configuration files of one folder: mostly none or one; two are a mistake that the caller names. */
export function configFilesIn(folder: string): string[] {
  return CONFIG_NAMES.map((name) => path.join(folder, name)).filter(exists);
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
export function findProjectFile(cwd: string, home: string): ProjectSearch {
  const search: ProjectSearch = { files: [], planted: [], folders: [] };
  // The current folder comes without links, the home mostly as it was written.
  const lastFolders = [path.resolve(home), withoutLinks(home)];
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    search.folders.push(folder);
    for (const file of configFilesIn(folder)) {
      (wasPlanted(file) ? search.planted : search.files).push(file);
    }
    const isLast = lastFolders.includes(folder) || path.dirname(folder) === folder;
    if (search.files.length > 0 || isLast) return search;
  }
}

function withoutLinks(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

/** Also true of a link that leads nowhere: its reader says so. */
function exists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
