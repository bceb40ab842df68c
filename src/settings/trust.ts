import { lstatSync, statSync } from 'node:fs';
import path from 'node:path';

/** Who owns a file and its folder, and who may write into the folder (its mode). */
export interface Ownership {
  fileOwner: number;
  folderOwner: number;
  folderMode: number;
}

/**
 * Whether a stranger may have put the file there: it lies in a folder in which everybody may create files
 * (`/tmp`), and belongs neither to this user, nor to root, nor to the folder's owner. Such a file could choose
 * the engine, the home and so the code of everybody who works in that folder or below it.
 */
export function isPlanted({ fileOwner, folderOwner, folderMode }: Ownership, me: number): boolean {
  const WRITABLE_FOR_ALL = 0o002;
  return (folderMode & WRITABLE_FOR_ALL) !== 0 && ![me, 0, folderOwner].includes(fileOwner);
}

/** The same of a file on disk; of a link the name counts, not what it leads to. */
export function wasPlanted(file: string): boolean {
  // Windows has no such owners, and shares no such folder.
  const me = process.getuid?.();
  if (me === undefined) return false;
  try {
    const own = lstatSync(file, { throwIfNoEntry: false });
    if (own === undefined) return false;
    const folder = statSync(path.dirname(file));
    return isPlanted({ fileOwner: own.uid, folderOwner: folder.uid, folderMode: folder.mode }, me);
  } catch {
    // Nobody can be led by what cannot be looked at.
    return false;
  }
}
