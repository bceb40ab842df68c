import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { BotllmError } from '../errors.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';

/** Left free beside a download, so that logs and the store can still be written. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** Bytes that a download may still fill. */
export async function freeBytes(folder: string): Promise<number> {
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}

/** The folder itself, or the nearest one above it that is there: they will share a disk. */
export async function existingFolder(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  const isThere = await freeBytes(folder).then(
    () => true,
    () => false,
  );
  return isThere || parent === folder ? folder : existingFolder(parent);
}

/** @throws BotllmError `NOT_ENOUGH_DISK`, naming both numbers, before anything is fetched */
export async function requireDisk(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free < bytes + RESERVE_BYTES) {
    throw refuse('NOT_ENOUGH_DISK', SAY.noDisk(folder, bytes + RESERVE_BYTES, free));
  }
}

/** True for what the file system itself said; a failed fetch wraps its own system errors in a TypeError. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && !(error instanceof TypeError) && 'syscall' in error;
}

/** The error of a models folder that could not be written. */
export function fileTrouble(folder: string, error: NodeJS.ErrnoException): BotllmError {
  // EFBIG: a limit on the size of one file, which leaves no other way than a full disk does.
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(error.code ?? '')
    ? refuse('NOT_ENOUGH_DISK', SAY.diskFull(folder), { cause: error })
    : refuse('MODEL_UNAVAILABLE', SAY.folderTrouble(folder, error.message), { cause: error });
}
